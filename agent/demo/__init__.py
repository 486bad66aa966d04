"""A practice of seven PCs in a temp folder, broken the way it was on 2 January 2023, and healed.

``software`` two versions of a real Windows program · ``practice`` the PCs · ``damage`` what the
clean-up did · ``notice`` what the notice's workaround would have done · ``play`` PC by PC ·
``table`` what was reached.
"""
