"""The pages of one repository: card, files, history, settings, and the form that makes a new one."""
