#!/bin/sh
# Lays out in the folder $1 what the image has beside the site: nginx, busybox for the health check, the libraries that
# they load, their licences. Takes them from this system, a Debian or Ubuntu with nginx-light and busybox-static.
set -eu
out=$1
nginx=$(PATH="$PATH:/usr/sbin" command -v nginx) || nginx=
busybox=$(command -v busybox) || busybox=
if [ -z "$nginx" ] || [ -z "$busybox" ]; then
  echo "nginx and busybox are needed here: sudo apt-get install --no-install-recommends nginx-light busybox-static" >&2
  exit 1
fi
if ldd "$busybox" >/dev/null 2>&1; then
  echo "busybox must stand alone: sudo apt-get install --no-install-recommends busybox-static" >&2
  exit 1
fi
rm -rf "$out"
mkdir -p "$out/etc/nginx" "$out/usr/sbin" "$out/bin" "$out/usr/share/doc" "$out/dev/shm" "$out/usr/share/nginx"
cp -L "$nginx" "$out/usr/sbin/nginx"
cp -L "$busybox" "$out/bin/busybox"
cp /etc/nginx/mime.types "$out/etc/nginx/mime.types"
printf 'root:x:0:0::/:\nnobody:x:65534:65534::/:\n' > "$out/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$out/etc/group"

# A file's package, by either of the two names that a library of a merged /usr has.
package() {
  dpkg-query --search "$1" 2>/dev/null || dpkg-query --search "${1#/usr}" 2>/dev/null || dpkg-query --search "/usr$1"
}
: > "$out.packages"
for file in "$nginx" "$busybox" $(ldd "$nginx" | grep -o '/[^ ]*'); do
  case $file in */lib*/*) mkdir -p "$out$(dirname "$file")" && cp -L "$file" "$out$file" ;; esac
  package "$file" | cut -d: -f1 >> "$out.packages"
done
sort -u "$out.packages" | while read -r name; do
  mkdir -p "$out/usr/share/doc/$name"
  cp "/usr/share/doc/$name/copyright" "$out/usr/share/doc/$name/copyright"
  dpkg-query --show --showformat '${Package} ${Version}\n' "$name" | head -n 1
done > "$out.versions"
rm "$out.packages"
