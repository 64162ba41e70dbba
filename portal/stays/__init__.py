"""The stay: from the agreed placement to the completed one."""
