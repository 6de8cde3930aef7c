"""The page on which a person acts as any user."""
