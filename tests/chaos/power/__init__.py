"""Power cuts: what a run asked of its disk is recorded, each state that a cut may leave is built, and recovered from.

``record`` has strace write down a run, ``syscalls`` reads that, ``operations`` says what each call does to names and
bytes; ``model`` makes the states, ``replay`` lays one down in a workspace, ``recovery`` goes on from there and looks
for what is lost. ``runs`` holds what is recorded. ``python -m power.measure`` does all of it (``make power``).
"""
