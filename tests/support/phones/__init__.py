# SPDX-License-Identifier: GPL-3.0-or-later
"""The other side of the line: real phones under remote control, and one of our own that may misbehave."""
