/* A shared object without a backend. */

int not_a_backend(void);

int not_a_backend(void)
{
    return 0;
}
