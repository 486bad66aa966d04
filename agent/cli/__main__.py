"""``python -m agent.cli`` is `werkplek`."""

from agent.cli import main

main()
