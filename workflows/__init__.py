"""What the desk does, one function a task."""
