"""FIND: from many weak traces to the one folder that is the installation, or to an honest doubt.

Probes give evidence, evidence leads to candidate folders, candidates are scored, and the winner
needs a margin. Reaches the PC through the protocols of `agent.ports` only.
"""
