// A page whose Error.prepareStackTrace throws.
Error.prepareStackTrace = () => {
    throw new Error("nobody is to see this");
};
