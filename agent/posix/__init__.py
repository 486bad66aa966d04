"""The ports of a PC on POSIX, and the calls that Python lacks there; beside `agent.windows`."""
