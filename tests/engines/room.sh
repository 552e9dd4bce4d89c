#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# usage: unshare -pfmuiC --kill-child room.sh DIR
# A systemd of its own, with the units in DIR/units and no others, the programs in DIR/bin, and users as DIR/sysusers
# makes them. What is the machine's stays as it is.
set -e
mount -t proc proc /proc
mount --bind /proc/sys /proc/sys
mount -o remount,ro,bind /proc/sys
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/log
mkdir -p /run/log/journal
cp -a /etc "$1/etc"
mount --bind "$1/etc" /etc
mount --bind "$1/bin" /usr/local/sbin
systemd-sysusers "$1/sysusers"
export container=other SYSTEMD_UNIT_PATH="$1/units"
echo ready
exec /lib/systemd/systemd --system --unit=room.target --log-target=null --show-status=no
