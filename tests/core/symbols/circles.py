#!/usr/bin/env python3
"""Checks that the object files of a part have no circular dependencies. A file depends on the files that define its symbols.

Usage: circles.py NM FILE…

Each FILE lists the object files of one part, one a line. The last line is "N passed, N failed".
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from results import Results  # noqa: E402


def symbols_of(nm, objects):
    """Returns, for each object file, the set of names that it defines and the set of names that it needs."""
    found = {}
    for path in objects:
        text = subprocess.run([nm, "-g", path], check=True, capture_output=True, text=True).stdout
        words = [line.split() for line in text.splitlines()]
        found[path] = ({word[-1] for word in words if word[-2] not in "Uw"}, {word[-1] for word in words if word[-2] in "Uw"})
    return found


def needs(symbols):
    """Returns, for each object file, the files that define the names that it needs."""
    owner = {name: path for path, (defined, _) in symbols.items() for name in defined}
    return {path: {owner[name] for name in needed if name in owner} - {path} for path, (_, needed) in symbols.items()}


def circles(graph):
    """Returns the sets of nodes in which each node reaches all others and itself."""
    def reached(node):
        seen, left = set(), [node]
        while left:
            for following in graph[left.pop()] - seen:
                seen.add(following)
                left.append(following)
        return seen

    reach = {node: reached(node) for node in graph}
    return {frozenset(other for other in reach[node] if node in reach[other]) for node in graph if node in reach[node]}


def name_of(path, objects):
    """Returns the path without the leading folders that all objects of the part have in common."""
    common = pathlib.Path(*[parts[0] for parts in zip(*(pathlib.Path(o).parts[:-1] for o in objects)) if len(set(parts)) == 1])
    return str(pathlib.Path(path).relative_to(common)).removesuffix(".o")


def selftest(results):
    for graph, expected in [
        ({"a": {"b"}, "b": set()}, set()),
        ({"a": {"b"}, "b": {"a"}}, {frozenset("ab")}),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, {frozenset("abc")}),
    ]:
        results.check(f"selftest: {graph}", circles(graph) == expected, str(circles(graph)))
    graph = needs({"a": ({"one"}, {"two", "printf"}), "b": ({"two"}, {"one"})})
    results.check("selftest: who needs whom", graph == {"a": {"b"}, "b": {"a"}}, str(graph))


def main():
    results = Results()
    selftest(results)
    for part in map(pathlib.Path, sys.argv[2:]):
        objects = part.read_text(encoding="utf-8").split()
        graph = needs(symbols_of(sys.argv[1], objects))
        results.check(f"{part.stem}: some files need others", any(graph.values()), f"{len(objects)} objects")
        found = [", ".join(sorted(name_of(path, objects) for path in circle)) for circle in circles(graph)]
        results.check(f"{part.stem}: no circles", not found, "; ".join(found))
    return results.close()


if __name__ == "__main__":
    sys.exit(main())
