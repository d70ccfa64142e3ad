// A page that makes something else of backtraces, as packages do that look at frames.
Error.prepareStackTrace = (error, frames) => frames;
