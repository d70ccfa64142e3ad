"use strict";
importScripts("program.js");

onmessage = async ({ data }) => postMessage(await runHere(data));
