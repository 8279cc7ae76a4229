# Sourced by image.sh and dist.sh, in a network namespace of their own: a folder to work in, which goes at the end, and real
# commands beside real daemons.

work=$PWD/dist/work
daemon=''

fail() {
    echo "$(basename "$0" .sh): $1" >&2
    exit 1
}

leave() {
    if [ $? -ne 0 ]; then cat "$work/log" "$work/out" >&2 2>/dev/null || true; fi
    [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null || true
    rm -rf "$work"
}
trap leave EXIT

rm -rf "$work"
mkdir -p "$work"
ip link set lo up
mkdir -m 700 "$work/profiles"
cat >"$work/tirl.toml" <<CONFIG
[daemon]
interfaces = ["lo"]
control = "$work/control.sock"
state = "$work/state"

[[service]]
name = "ssh"
ports = ["tcp/22"]

[[door]]
name = "ops"
sequence = ["tcp/9000", "udp/7000", "tcp/8000"]
within = "10s"
opens = ["ssh"]
for = "30s"
CONFIG
{
    cat "$work/tirl.toml"
    echo '[spa]'
    echo 'name = "127.0.0.1"'
} >"$work/spa.toml"
cat >"$work/knockd.conf" <<CONFIG
[ssh]
    sequence = 9001,7001:udp
    start_command = /bin/true
    cmd_timeout = 1
    stop_command = /bin/true
CONFIG
cat >"$work/profiles/gate.toml" <<CONFIG
host = "127.0.0.1"
knock = ["tcp/9000", "udp/7000", "tcp/8000"]
CONFIG
chmod 600 "$work"/*.toml "$work"/profiles/*

until_seen() { # TEXT FILE: 20 s at most
    local try
    for try in {1..400}; do
        grep -q -- "$1" "$2" && return
        sleep 0.05
    done
    fail "\"$1\" was not seen within 20 s"
}

tirl() {
    case $1 in
        knock | open | close) $note knock ;;
        *) $note client ;;
    esac
    "$program" "$@" >"$work/out" || fail "tirl $* failed"
}

# begin PROGRAM WORD...: beside this script, until `finish`
begin() {
    : >"$work/log" # before the daemon: nobody is to read what another one wrote
    "$program" "$@" >>"$work/log" 2>&1 &
    daemon=$!
}

finish() { # EXIT CODE
    local code=0
    kill -TERM "$daemon"
    wait "$daemon" || code=$?
    [ "$code" -eq "$1" ] || fail "the daemon ended with $code instead of $1"
    daemon=''
}

# rehearse LAUNCHER NOTE: the commands and the daemon at work, once to learn from and once to see that the result works. NOTE is
# called with the kind of what comes next.
rehearse() {
    program=$1
    note=$2
    $note daemon
    begin serve -c "$work/tirl.toml"
    until_seen "ready: guarding tcp/22" "$work/log"
    tirl --version
    tirl check "$work/tirl.toml"
    tirl knock -d 20 127.0.0.1 9000 7000:udp 8000
    until_seen "127.0.0.1 ops: opened tcp/22" "$work/log"
    # Nobody listens on the port: this knocks, and fails in time.
    if (tirl open gate --profiles "$work/profiles" --wait --within 1s) >/dev/null 2>&1; then fail "who is on port 22?"; fi
    tirl open gate --profiles "$work/profiles"
    tirl leases -c "$work/tirl.toml"
    tirl status --json -c "$work/tirl.toml"
    grep -q '"store":"good"' "$work/out" || fail "the daemon has no store"
    tirl revoke 127.0.0.1 -c "$work/tirl.toml"
    tirl grant 192.0.2.7 ssh --for 2s -c "$work/tirl.toml"
    tirl reload -c "$work/tirl.toml"
    finish 0
    rehearse_spa
    nft delete table inet tirl
    $note daemon
    begin knockd -i lo -c "$work/knockd.conf" -v --state "$work/knockd"
    until_seen listening "$work/log"
    $note knock
    ln -sf "$program" "$work/knock"
    "$work/knock" -d 20 127.0.0.1 9001 7001:udp
    until_seen "OPEN SESAME" "$work/log"
    finish 15 # as knockd does
}

# A device comes, opens, asks, and goes.
rehearse_spa() {
    rm -f "$work/profiles/laptop.toml"
    $note daemon
    begin serve -c "$work/spa.toml"
    until_seen "ready: guarding tcp/22" "$work/log"
    tirl invite laptop --service ssh -c "$work/spa.toml"
    grep -im1 '^tirl:' "$work/out" >"$work/invitation"
    tirl join --as laptop --profiles "$work/profiles" <"$work/invitation"
    tirl open laptop --answer --profiles "$work/profiles"
    until_seen "127.0.0.1 laptop/ssh: opened tcp/22" "$work/log"
    tirl doctor laptop --profiles "$work/profiles"
    tirl close laptop --profiles "$work/profiles"
    tirl devices -c "$work/spa.toml"
    tirl devices revoke laptop -c "$work/spa.toml"
    finish 0
}

