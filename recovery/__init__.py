"""The USB program for practice staff: screens over `agent.workflow`, no file logic of its own."""
