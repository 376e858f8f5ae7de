using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Inspection;

/// <summary>
/// The shell text that tells what is on disks. The inspection reads every disk with it, and the last look in front of a
/// destructive command reads the one disk with it again, so that the two can be compared to the byte.
/// </summary>
/// <remarks>
/// What a disk holds is read from the disk itself (blkid -p), not from udev's notes, which may be old or missing; what hangs on
/// what, and where it is mounted, comes from lsblk. Of a disk that nobody uses the beginnings are read too, so that a consent is
/// bound to the content that was seen; what begins with zeros only is read at many places across it, and told as <c>beyond</c> when
/// one of them holds anything else: a disk counts as blank only when all that was read is. A tool that fails or does not end in time is told
/// as <c>unreadable NODE TOOL EXIT-CODE</c>: what it would have said is not known, which is something else than nothing.
/// Of a GPT whose beginning is damaged the kernel makes no partitions; blkid and partx read the copy at the disk's end, and what
/// it names is told as <c>copy</c>. Of what has several contents, as a FAT made over an old member of a pool, blkid tells nothing at all;
/// each is told as <c>sign</c>, and the entry in the table is asked for by itself. The mark of a layout counts while there is nothing but a table around it: 24 KiB hold one of 512
/// and of 4096 bytes a sector.
/// </remarks>
internal static class BlockScript
{
    /// <summary>With what the beginning of a disk is overwritten first when it is wiped, so that a wipe that was cut off can go on.</summary>
    public const string Mark = "provisioner: wipe ";

    /// <summary>
    /// What stands at the beginning of a blank disk, in front of the GUID of the table to come, while that table is made. A table
    /// leaves it there, in the place of a boot loader, so that it goes last and tells at every moment in between what this is.
    /// </summary>
    public const string LayoutMark = "provisioner: layout ";

    /// <summary>The word in front of how much was written to a disk.</summary>
    public const string Written = "written";

    /// <summary>At how many places less one a disk or partition is read whose beginning holds zeros only.</summary>
    public const int Samples = 64;

    /// <summary>How long a tool may take.</summary>
    public const int Seconds = 8;

    /// <summary>
    /// <c>vdevs</c> prints the devices of the imported pools; <c>users</c> prints who uses disks otherwise; <c>disk NAME</c> prints all
    /// about a disk, given what these two printed in <c>$vdevs</c> and <c>$users</c>; <c>held FD FOLDER</c> tells whether an open
    /// descriptor is the device of a folder in /sys; <c>disks</c> names the disks, given a listing of /dev/disk/by-id in <c>$links</c>.
    /// With <c>$p</c> set to a folder, that stands for the root of /sys.
    /// </summary>
    public static Shell Functions { get; } = Shell.Of(
        $$"""
        brief() { if command -v timeout >/dev/null 2>&1; then timeout {{Seconds}} "$@"; else "$@"; fi 2>/dev/null </dev/null; }
        vdevs() {
        [ -e "$p/sys/module/zfs" ] || return 0
        list=$(brief zpool list -vHPL -o name,guid) || list=unreadable
        tab=$(printf '\t')
        printf '%s\n' "$list" | while IFS= read -r l; do
        case $l in
        "$tab"/*) l=${l#?} && printf '\t%s\n' "${l%%"$tab"*}" ;;
        "$tab"*) ;;
        *) printf '%s\n' "$l" ;;
        esac
        done
        }
        number() {
        x=$(stat -L -c '%t %T' "$1" 2>/dev/null) && printf '%d:%d' "0x${x% *}" "0x${x#* }"
        }
        held() {
        x=$(number "/proc/$$/fd/$1") && IFS= read -r y 2>/dev/null <"$2/dev" && [ "$x" = "$y" ]
        }
        whole() {
        x=$(number "$1") && w=$(readlink -f "$p/sys/dev/block/$x") && [ -e "$w/dev" ] || return 1
        if [ -e "$w/partition" ]; then w=${w%/*}; fi
        w=${w##*/}
        }
        users() {
        for f in "$p"/sys/block/loop*/loop/backing_file; do
        if IFS= read -r l 2>/dev/null <"$f" && l=${l%' (deleted)'} && [ -b "$l" ] && whole "$l"; then
        f=${f%/loop/*}
        o=0
        IFS= read -r o 2>/dev/null <"$f/loop/offset" || :
        printf '%s loop /dev/%s %s\n' "$w" "${f##*/}" "$o"
        fi
        done
        list=$(brief find "$p"/proc/[0-9]*/fd -lname '/*' -xtype b)
        case $? in 124|126|127|137|143) echo unreadable; return ;; esac
        printf '%s\n' "$list" | while IFS= read -r f; do
        n=
        while read -r k l; do if [ "$k" = flags: ]; then n=$l; fi; done 2>/dev/null <"${f%/fd/*}/fdinfo/${f##*/}"
        case $n in *[1256]) ;; *) continue ;; esac
        if whole "$f"; then
        f=${f%/fd/*}
        l=$(tr -cd 'A-Za-z0-9_.:/-' <"$f/comm" 2>/dev/null) || l=
        printf '%s open %s %s\n' "$w" "${f##*/}" "${l:-?}"
        fi
        done
        }
        disks() {
        for b in "$p"/sys/block/*; do
        b=${b##*/}
        case $b in
        '*'|ram*|zram*|dm-*|md*|sr*|fd*|zd*|mmcblk*boot[0-9]|mmcblk*rpmb) continue ;;
        loop*|nbd*) case "$links
        " in *"/$b
        "*) ;; *) continue ;; esac ;;
        esac
        z=0
        IFS= read -r z <"$p/sys/block/$b/size" 2>/dev/null || :
        if [ "$z" -gt 0 ]; then printf '%s\n' "$b"; fi
        done
        }
        several() {
        for n in $nodes; do
        case $seen in *"$n: "*) continue ;; esac
        brief blkid -p "$n" >/dev/null
        if [ "$?" -ne 8 ]; then continue; fi
        many="$many$nl${n#/dev/}"
        seen="$seen$nl$(brief blkid -p -u nofilesystem,raid,crypto,other "$n")"
        list=$(brief wipefs -n -p "$n")
        r=$?
        if [ "$r" -ne 0 ] || [ -z "$list" ]; then unread "${n#/dev/}" wipefs "$r"; fi
        for l in $list; do
        case $l in '#'*) ;; *) printf 'sign %s %s\n' "${n#/dev/}" "${l#*,}" ;; esac
        done | awk '!seen[$0]++'
        done
        }
        labels() {
        if ! command -v zdb >/dev/null 2>&1; then
        l=$(brief tail -c 786432 "/dev/$1" | tr -cs '[:print:]' '\n' | awk '$0 == "name" { getline; print; exit }')
        if [ -n "$l" ]; then printf "label %s    name: '%s'\n" "$1" "$l"; fi
        return
        fi
        label=$(brief zdb -l "/dev/$1")
        case $? in 124|137|143) unread "$1" zdb 124 ;; esac
        for l in $label; do
        case $l in
        *vdev_tree:*) break ;;
        *' name: '*|*' state: '*|*' txg: '*|*' pool_guid: '*|*' hostid: '*|*' hostname: '*) printf 'label %s%s\n' "$1" "$l" ;;
        esac
        done
        }
        disk() {
        nodes=
        many=
        used=
        parts=
        t=
        case $1 in *[0-9]) t=p ;; esac
        for w in $vdevs; do case $w in "/dev/$1"|"/dev/$1$t"[0-9]*) used=y ;; esac; done
        tree=$(brief lsblk -bPo KNAME,PKNAME,PATH,TYPE,SIZE,START,RO,RM,TRAN,MODEL,SERIAL,MOUNTPOINTS "/dev/$1")
        r=$?
        if [ "$r" -eq 1 ]; then
        tree=$(brief lsblk -bPo KNAME,PKNAME,PATH,TYPE,SIZE,RO,RM,TRAN,MODEL,SERIAL,MOUNTPOINT "/dev/$1")
        r=$?
        fi
        if [ "$r" -ne 0 ] || [ -z "$tree" ]; then unread "$1" lsblk "$r"; return; fi
        printf '%s\n' "$tree"
        if IFS= read -r l 2>/dev/null <"$p/sys/block/$1/dev"; then
        n=-
        IFS= read -r n 2>/dev/null <"$p/sys/block/$1/diskseq" || :
        printf 'kernel %s %s %s\n' "$1" "$l" "$n"
        fi
        case $tree in *MOUNTPOINT=\"[!\"]*|*MOUNTPOINTS=\"[!\"]*) used=y ;; esac
        nl='
        '
        IFS=$nl
        set -f
        for l in ${users-}; do
        case $l in
        unreadable) unread "$1" users 124 ;;
        "$1 "*) printf 'user %s\n' "$l" ;;
        esac
        done
        for l in $tree; do
        n=${l#KNAME=\"}
        n=${n%%\"*}
        case $l in
        *' TYPE="part" '*) parts="$parts$nl$n" nodes="$nodes$nl/dev/$n" ;;
        *' TYPE="disk" '*|*' TYPE="loop" '*) nodes="$nodes$nl/dev/$n" ;;
        esac
        done
        seen=$(brief blkid -p $nodes)
        r=$?
        case $r in
        0|2) ;;
        8) several ;;
        *) unread "$1" blkid "$r" ;;
        esac
        printf '%s\n' "$seen"
        if [ -z "$parts" ]; then
        case $seen in *"/dev/$1: "*' PTTYPE="gpt"'*)
        copy=$(brief partx -Po NR,START,SECTORS,TYPE,UUID,NAME "/dev/$1")
        r=$?
        if [ "$r" -ne 0 ]; then unread "$1" partx "$r"; fi
        for l in $copy; do printf 'copy %s %s\n' "$1" "$l"; done ;;
        esac
        fi
        if [ -z "$used" ]; then
        written "$1"
        bytes "$p/sys/block/$1/size"
        e=$((z - 1048576))
        if [ "$e" -lt 0 ]; then e=0; fi
        m=1048576
        if [ -z "$parts" ]; then m=4194304; fi
        if [ "$e" -lt "$m" ]; then m=$e; fi
        content "$1" "$m" "$e" "$((z - e))"
        w=$(brief head -c 200 "/dev/$1" | tr -cd 'A-Za-z0-9: -')
        case $w in
        {{Mark}}*) case $seen in *"/dev/$1: "*) ;; *) printf 'mark %s %s\n' "$1" "$w" ;; esac ;;
        {{LayoutMark}}*) if [ -z "$parts" ] && brief cmp -s -n 4169728 "/dev/$1" /dev/zero 24576 0; then printf 'mark %s %s\n' "$1" "$w"; fi ;;
        esac
        for n in $parts; do
        bytes "$p/sys/class/block/$n/size"
        m=1048576
        if [ "$z" -lt "$m" ]; then m=$z; fi
        content "$n" "$m"
        case $seen in *"/dev/$n: "*' TYPE="zfs_member"'*) labels "$n" ;;
        *) case "$many$nl" in *"$nl$n$nl"*) labels "$n" ;; esac ;;
        esac
        done
        case "$many$nl" in *"$nl$1$nl"*) labels "$1" ;; esac
        fi
        set +f
        unset IFS
        }
        written() {
        IFS=' ' read -r _ _ _ _ _ _ l _ 2>/dev/null <"$p/sys/block/$1/stat" || return 0
        n=-
        IFS= read -r n 2>/dev/null <"$p/proc/sys/kernel/random/boot_id" || :
        printf 'written %s %s %s\n' "$1" "$n" "$l"
        }
        bytes() {
        z=0
        IFS= read -r z <"$1" 2>/dev/null || :
        z=$((z * 512))
        }
        content() {
        if [ "$z" -eq 0 ]; then unread "$1" size 0; return; fi
        brief cmp -s -n "$2" "/dev/$1" /dev/zero
        r=$?
        if [ "$r" -eq 0 ] && [ "$#" -gt 2 ]; then
        brief cmp -s -n "$4" "/dev/$1" /dev/zero "$3" 0
        r=$?
        fi
        case $r in
        0)
        printf 'content %s zero\n' "$1"
        i=1
        w={{Samples}}
        while [ "$i" -lt "$w" ] && brief cmp -s -n 65536 "/dev/$1" /dev/zero "$((z / w * i / 4096 * 4096))" 0; do i=$((i + 1)); done
        if [ "$i" -lt "$w" ]; then printf 'beyond %s %s\n' "$1" "$i"; fi ;;
        1) x=$({ { brief head -c "$2" "/dev/$1" && { [ "$#" -lt 3 ] || brief dd if="/dev/$1" bs=1M iflag=skip_bytes skip="$3"; }; printf '%s\n' "$?" >&3; } | sha256sum; } 3>&1)
        case $x in "0$nl"?*) printf 'content %s %s\n' "$1" "${x#*"$nl"}" ;; *) unread "$1" read "${x%%"$nl"*}" ;; esac ;;
        *) unread "$1" cmp "$r" ;;
        esac
        }
        unread() { printf 'unreadable %s %s %s\n' "$1" "$2" "$3"; }
        """);
}
