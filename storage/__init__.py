"""What we remember: tables, questions, sessions, migrations."""
