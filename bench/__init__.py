"""Figures of the hub beside baselines of the same run: `python -m bench --help`."""
