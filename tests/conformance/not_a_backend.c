/* A shared object that holds no backend. */

int not_a_backend(void);

int not_a_backend(void)
{
    return 0;
}
