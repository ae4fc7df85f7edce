"""A stranger's bytes handled in a child process that can do little: Landlock, seccomp, resource limits."""
