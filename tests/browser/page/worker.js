"use strict";
importScripts("program.js");

onmessage = async ({ data: { script, args } }) => postMessage(await runHere(script, args));
