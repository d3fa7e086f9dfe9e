"""What this process knows of itself: the settings of the run, its id, and whether the hooks are alive."""

from _thread import _local


class Guard(_local):
    """Per thread: whether a hook is at work, so that hooks never see what hooks do."""

    busy = False
    finding = False
    spawning = False
    forking = None
    label = None
    scoring = 0
    cutting = 0
    sampling = 0
    parsing = 0
    seeding = 0
    cut = None
    pending = None


class Here:
    """State of one process. After a fork the child renews it."""

    alive = False
    process = "0"
    parent = ""
    rank = ""
    how = "exec"
    children = 0
    run_folder = ""
    shim = ""
    events = ""
    project = ""
    working = ""
    own = False
    root = None
    tape_file = None
    deterministic = False
    replay = False
    maps = ()
    hash_seed = None
    script = ""
    start_ns = 0


guard = Guard()
here = Here()
