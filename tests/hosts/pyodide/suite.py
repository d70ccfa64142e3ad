"""suite.py FOLDER [ARGUMENT…]: runs the tests of FOLDER with pytest."""

import pytest


class Counts:
    """Counts each test once, by its phase that did not pass, if there is one."""

    def __init__(self):
        self.outcomes = {}

    def pytest_runtest_logreport(self, report):
        former = self.outcomes.get(report.nodeid, "passed")
        self.outcomes[report.nodeid] = former if report.passed else report.outcome

    def pytest_collectreport(self, report):
        if report.failed:
            self.outcomes[report.nodeid] = "failed"

    def of(self, outcome):
        return list(self.outcomes.values()).count(outcome)


counts = Counts()
# Pyodide has no signal for a dump of tracebacks, and no place for a cache.
status = pytest.main(["-p", "no:faulthandler", "-p", "no:cacheprovider", "-rs", *args], plugins=[counts])
print(f"{counts.of('passed')} passed, {counts.of('failed')} failed")
int(status)
