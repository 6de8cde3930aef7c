"""Files that people export from other systems: CSV, workbooks, archives."""

from connectors.files.source import FileSource, open_file

__all__ = ["FileSource", "open_file"]
