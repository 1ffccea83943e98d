#!/bin/sh
# What deploy/ promises a command, without a container engine and without systemd as the first process:
# everything read-only but the data folder and an empty /tmp, no home folders, another user, an empty environment, and a
# network of its own. Runs in new namespaces (unshare --mount --net), where all this is gone with the process.
# Usage: closed_room.sh PYTHON LAUNCHER DATA USER KEPT… -- [NAME=VALUE…] COMMAND…
set -eu
python=$1 launcher=$2 data=$3 user=$4
shift 4

mount --make-rprivate /
# Aside, before what they lie in is covered.
mount -t tmpfs none /mnt
mkdir /mnt/data
mount --bind "$data" /mnt/data
cp "$launcher" /mnt/launcher
kept=
while [ "$1" != -- ]; do
    mkdir -p "/mnt/kept$1"
    mount --bind "$1" "/mnt/kept$1"
    kept="$kept $1"
    shift
done
shift

for covered in /root /home /tmp /opt /var/lib; do
    mount -t tmpfs -o mode=755 none "$covered"
done
chmod 1777 /tmp
for each in $kept; do
    mkdir -p "$each"
    mount --bind "/mnt/kept$each" "$each"
done
mkdir -p /var/lib/gegencheck /opt/gegencheck/bin
mount --bind /mnt/data /var/lib/gegencheck
cp /mnt/launcher /opt/gegencheck/bin/gegencheck
chmod 755 /opt/gegencheck/bin/gegencheck
umount -l /mnt

while read -r _ place _; do
    case $place in
        /tmp | /var/lib/gegencheck | /proc* | /sys* | /dev*) ;;
        *) mount -o remount,bind,ro "$place" 2>/dev/null || true ;;
    esac
done < /proc/self/mounts

"$python" -c 'import fcntl, socket, struct  # loopback is down in a new network
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 0x41))'

cd /var/lib/gegencheck
if [ "$user" = "$(id -u)" ]; then # not root outside, so no other user either
    exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all env -i "$@"
fi
exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all env -i "$@"
