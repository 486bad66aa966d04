"""Test kit: a whole PC described in a few readable lines, made real in a simulator or under Wine.

`describing` reads a description, `furnishing` works out what stands on its disks and in its
registry, `simulated` and `inside_windows` put that down, `judging` compares what a search answered.
"""
