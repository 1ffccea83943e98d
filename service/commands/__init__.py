"""The commands of `gegencheck` by what they are about, a file each; cli.py puts them together.

Thin doors: what they read and print lies in terminal.py and terminal_data.py.
"""
