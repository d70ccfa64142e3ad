// A page that changes the form of backtraces, like packages that inspect frames.
Error.prepareStackTrace = (error, frames) => frames;
