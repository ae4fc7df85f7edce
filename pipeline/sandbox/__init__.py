"""Sandbox: a stranger’s bytes handled in a confined child process (Landlock, seccomp, resource limits)."""
