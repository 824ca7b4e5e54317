"""Returns as Excel workbooks, out and in; the only room that touches an Excel library."""
