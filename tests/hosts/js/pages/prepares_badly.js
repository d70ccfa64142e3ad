// A page whose function for backtraces throws.
Error.prepareStackTrace = () => {
    throw new Error("nobody is to see this");
};
