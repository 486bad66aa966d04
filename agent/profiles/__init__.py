"""Product profiles: what a product looks like on any PC, one TOML file each."""

from __future__ import annotations

from agent.profiles.profile import GENERIC, Profile, Profiles

__all__ = ["GENERIC", "Profile", "Profiles"]
