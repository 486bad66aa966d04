"""The seven stages in order: what both front ends call.

``request`` what was asked and with which ports · ``knowing`` catalogue and product · ``assessing``
look and judge · ``weighing`` sources, ways and plan · ``running`` one run from start to report ·
``repairing`` and ``undoing`` the two runs that write.
"""
