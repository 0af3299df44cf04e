#!/bin/sh
# Starts infoflow with the Node that lies beside this file: from any folder, through symbolic links, and with nothing
# from the PATH.
self=$0
case $self in */*) ;; *) self=./$self ;; esac
while [ -L "$self" ]; do
  link=$(PATH=/usr/bin:/bin && readlink "$self") || exit 2
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
here=$(CDPATH= cd -P -- "${self%/*}/" && pwd -P) || exit 2
exec "$here/bin/node" "$here/program/dist/cli.js" "$@"
