#!/bin/sh
# Finds a Python that suits and hands over to set_up.py. PYTHON=... in the environment overrides the search.
set -eu
here=$(dirname "$0")

suits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    if suits "$PYTHON"; then
        exec "$PYTHON" "$here/set_up.py" "$@"
    fi
    echo "PYTHON=$PYTHON is not a Python 3.11 or later: name another one, or leave PYTHON out." >&2
    exit 2
fi

# 3.11 first: it is the version that every number in the documentation was measured with.
for candidate in python3.11 python3.12 python3.13 python3.14 python3 python; do
    if suits "$candidate"; then
        exec "$candidate" "$here/set_up.py" "$@"
    fi
done
echo "Sequence Playground needs Python 3.11 or later and found none: install one (on Debian and Ubuntu:" \
    "sudo apt-get install python3 python3-venv), or name yours with make run PYTHON=/path/to/python3." >&2
exit 2
