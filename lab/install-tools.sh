#!/usr/bin/env bash
# Installs Debian packages as far as they are missing: what the build (maven), the demo (demo) or the tests (no argument)
# use. Nobody who wants to see the demo wants two more firewalls on the machine.
set -euo pipefail

declare -A package=(
    [mvn]=maven [nft]=nftables [ip]=iproute2 [nmap]=nmap [hping3]=hping3 [knock]=knockd [nc]=netcat-openbsd
    [tcpdump]=tcpdump [ping]=iputils-ping [iptables]=iptables [taskset]=util-linux [chrt]=util-linux [curl]=curl [telnet]=telnet
    [sysctl]=procps [ufw]=ufw [firewall-cmd]=firewalld [dbus-daemon]=dbus-daemon [nsenter]=util-linux
    [ipset]=ipset [strace]=strace [sqlite3]=sqlite3 [systemd-analyze]=systemd
    [conntrack]=conntrack [aiosmtpd]=python3-aiosmtpd [openssl]=openssl [gpg]=gnupg [fwknop]=fwknop-client [fwknopd]=fwknop-server
)
case "${1:-}" in
    maven) package=([mvn]=maven) ;;
    demo) package=([mvn]=maven [nft]=nftables [ip]=iproute2 [nmap]=nmap [nc]=netcat-openbsd) ;;
esac

missing=()
for tool in "${!package[@]}"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || missing+=("${package[$tool]}")
done
if [ "${1:-}" != maven ] && ! ls /usr/lib/*/libpcap.so.0.8 >/dev/null 2>&1; then
    missing+=(libpcap0.8)
fi
# The library's package is libssl3 here and libssl3t64 there; this one needs it.
if [ -z "${1:-}" ] && ! ls /usr/lib/*/libcrypto.so.3 >/dev/null 2>&1; then
    missing+=(openssl)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing: ${missing[*]}. Install them, or run this as root." >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    echo "These tools are missing and there is no apt-get to install them: ${!package[*]} (with libpcap)." >&2
    exit 1
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# The tests run firewalld in namespaces; on a machine that had none it is not to become the machine's firewall.
if [[ " ${missing[*]} " == *" firewalld "* ]] && [ -d /run/systemd/system ]; then
    systemctl mask firewalld
    echo "firewalld is masked on this machine; to use it here: systemctl unmask firewalld"
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
