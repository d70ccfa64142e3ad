"""conformance.py MODULE[,MODULE…] BACKEND [FILTER]: runs the suite in extension modules that contain a copy of it, one after the
other, and again in the first of several. The exit status is the worst one. The last line counts the last run."""

import asyncio
import importlib


async def run(module, backend, filter):
    end = asyncio.get_running_loop().create_future()
    importlib.import_module(module).run(end.set_result, backend, filter)
    return await end


async def main(modules, backend, filter=None):
    modules = modules.split(",")
    for module in modules:
        importlib.import_module(module)
    return max([await run(module, backend, filter) for module in modules + modules[:1] * (len(modules) > 1)])


await main(*args)
