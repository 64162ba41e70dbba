"""Background work. Only this folder knows the engine behind it."""
