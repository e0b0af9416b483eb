#!/bin/sh
# The picture of a profile for the README: test/profile/picture.sh PAGE PICTURE
#
#	make demo && test/profile/picture.sh registry-profile-PK703.html docs/profile.png
#
# The head of the page as a browser on a desk shows it.
set -eu
page=$(realpath "$1")
picture=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
HOME=$work chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/chromium" \
	--window-size=880,1240 --screenshot="$work/picture.png" "file://$page" >chromium.log 2>&1 || { cat chromium.log >&2; exit 1; }
[ "$(wc -c <picture.png)" -lt 250000 ] || { echo "the picture has more than 250 kB" >&2; exit 1; }
cp picture.png "$picture"
