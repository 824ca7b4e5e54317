"""Outgoing mail: by SMTP where it is configured, else as files in a folder."""
