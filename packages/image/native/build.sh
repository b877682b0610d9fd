#!/usr/bin/env bash
# Makes pack.wasm from Debian's source packages, glue/ and patches/. Needs emscripten 3.1.6 (Debian bookworm's),
# deb-src lines in apt's sources, and the npm package acorn, which emscripten's optimiser calls.
#
#   build.sh           builds and writes pack.wasm and pack.lock
#   build.sh --verify  builds and compares with what is committed; exit 1 if they differ
#   build.sh --check   builds nothing: whether pack.lock still names these inputs and this pack.wasm
#
# PACK_SOURCES: a folder with the source packages already downloaded. PACK_BUILD: where to build (kept if set).
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
mode=${1:-}

inputs() { # the lock's text: every file that decides what comes out
  (cd "$here" && echo "emscripten 3.1.6" && sha256sum build.sh sources.lock glue/* patches/* | sort -k2)
}
lock_of() { inputs; (cd "$(dirname "$1")" && echo "$(sha256sum <"$1" | cut -d' ' -f1)  pack.wasm"); }

if [ "$mode" = --check ]; then
  diff <(lock_of "$here/pack.wasm") "$here/pack.lock" && echo "pack.wasm belongs to these sources"
  exit
fi

[[ $(emcc --version) == *' 3.1.6 '* ]] || { echo "emscripten 3.1.6 is needed: the output is pinned to it" >&2; exit 2; }
for folder in "${ACORN:-}" "$here/../../../node_modules" "$here/../../../node_modules/.acorn/node_modules"; do
  [ -n "$folder" ] && [ -d "$folder/acorn" ] && export NODE_PATH="$folder" && break
done
[ -n "${NODE_PATH:-}" ] || { echo "acorn is missing: npm install --prefix DIR acorn@8, then ACORN=DIR/node_modules $0" >&2; exit 2; }

build=${PACK_BUILD:-$(mktemp -d)}
[ -n "${PACK_BUILD:-}" ] || trap 'rm -rf "$build"' EXIT
sources=${PACK_SOURCES:-$build/sources}
# A kept folder is only good for what it was built from: objects do not know of flags, nor sources of new patches.
made_from=$(cat "$here"/build.sh "$here"/sources.lock "$here"/patches/* | sha256sum)
if [ "$(cat "$build/made-from" 2>/dev/null)" != "$made_from" ]; then
  rm -rf "$build"/{obj,inc,libjpeg-turbo,libwebp,libpng1.6,zlib,giflib,lcms2}{,.part}
fi
mkdir -p "$build/obj" "$build/inc" "$sources"
echo "$made_from" >"$build/made-from"

# 1. Sources, by version and sha256.
(cd "$sources" && while IFS= read -r line; do
  case $line in
    \#*) ;;
    *=*) package=$line ;;
    *) file=${line##* }
       [ -f "$file" ] || apt-get source --download-only -qq "$package" >/dev/null
       echo "$line" | sha256sum --check --quiet - ;;
  esac
done <"$here/sources.lock")

unpack() { # name, folder inside the tarball, our patches: pristine source with Debian's patches, then ours
  [ -d "$build/$1" ] && return
  local orig debian patch
  orig=$(find "$sources" -name "$1_*.orig.tar.*" ! -name '*.asc')
  debian=$(find "$sources" -name "$1_*.debian.tar.*")
  mkdir -p "$build/$1.part"
  tar -xf "$orig" -C "$build/$1.part" --strip-components=1
  tar -xf "$debian" -C "$build/$1.part"
  while IFS= read -r patch; do
    case $patch in ''|\#*) continue ;; esac
    patch -s -f -p1 -d "$build/$1.part" <"$build/$1.part/debian/patches/${patch%% *}"
  done <"$build/$1.part/debian/patches/series"
  for patch in "${@:2}"; do patch -s -f -p1 -d "$build/$1.part" <"$here/patches/$patch"; done
  mv "$build/$1.part" "$build/$1"
}
unpack libjpeg-turbo libjpeg-turbo-plane-scale.patch
unpack libwebp libwebp-lossless-rows.patch
unpack libpng1.6
unpack zlib
unpack giflib
unpack lcms2

# 2. Configuration headers. SIZEOF_SIZE_T by hand: CMake's check comes out wrong under emscripten.
jpeg=$build/libjpeg-turbo webp=$build/libwebp png=$build/libpng1.6 zlib=$build/zlib gif=$build/giflib lcms=$build/lcms2
sed -e 's/@JPEG_LIB_VERSION@/62/;s/@VERSION@/2.1.5/;s/@LIBJPEG_TURBO_VERSION_NUMBER@/2001005/;s/@BITS_IN_JSAMPLE@/8/' \
  -e 's/#cmakedefine \([CD]_ARITH_CODING_SUPPORTED\|WITH_SIMD\).*/#define \1 1/;s/#cmakedefine.*//' "$jpeg/jconfig.h.in" >"$build/inc/jconfig.h"
sed -e 's/@BUILD@/pack/;s/@INLINE@/inline/;s/@THREAD_LOCAL@//;s/@CMAKE_PROJECT_NAME@/libjpeg-turbo/;s/@VERSION@/2.1.5/;s/@SIZE_T@/4/' \
  -e 's/#cmakedefine HAVE_BUILTIN_CTZL/#define HAVE_BUILTIN_CTZL/;s/#cmakedefine.*//' "$jpeg/jconfigint.h.in" >"$build/inc/jconfigint.h"
sed -e 's/@COPYRIGHT_YEAR@/1991-2023/' "$jpeg/jversion.h.in" >"$build/inc/jversion.h"
# No setjmp: an error traps. No files. Only the chunks that decide how pixels look.
sed -e 's/#define PNG_\(SETJMP\|STDIO\|CONSOLE_IO\|SIMPLIFIED_READ[A-Z_]*\|SIMPLIFIED_WRITE[A-Z_]*\|[A-Z]*_tIME\|CONVERT_tIME\|[A-Z]*_[iz]*TXt\|[A-Z]*_tEXt\|TIME_RFC1123\)_SUPPORTED/#undef PNG_\1_SUPPORTED/' \
  "$png/scripts/pnglibconf.h.prebuilt" >"$build/inc/pnglibconf.h"

# 3. Objects. WebP's SSE4.1 sources compile to WASM SIMD; for the others plain C vectorises better than SIMDe did.
common="-O3 -msimd128 -DNDEBUG -ffile-prefix-map=$build= -I$build/inc"
compile() { # prefix, flags, sources…
  local prefix=$1 flags=$2 source object
  for source in "${@:3}"; do
    object=$build/obj/$prefix-$(basename "$source" .c).o
    [ "$object" -nt "$source" ] || emcc $common $flags -c "$source" -o "$object"
  done
}
list() { local folder=$1; shift; printf "$folder/%s.c " "$@"; }
compile jpeg "-I$jpeg" $(list "$jpeg" jcapimin jcapistd jccoefct jccolor jcdctmgr jchuff jcinit jcmainct jcmarker jcmaster \
  jcomapi jcparam jcphuff jcprepct jcsample jdapimin jdapistd jdcoefct jddctmgr jdhuff jdicc jdinput jdmainct jdmarker \
  jdmaster jdphuff jerror jfdctflt jfdctfst jfdctint jidctflt jidctfst jidctint jidctred jutils jmemmgr jmemnobs jaricom \
  jcarith jdarith jdcolor jdpostct jdsample)
# Our hooks for what is worth it (glue/jpeg_simd.c, glue/jpeg_rgb.c), libjpeg-turbo's answers "no" for the rest.
ours=" -Djsimd_can_ycc_rgb=none_jsimd_can_ycc_rgb -Djsimd_ycc_rgb_convert=none_jsimd_ycc_rgb_convert"
for hook in jsimd_{can_,}{idct_islow,idct_4x4,quantize,h2v1_fancy_upsample,h2v2_fancy_upsample}; do ours+=" -D$hook=none_$hook"; done
compile jpeg "-I$jpeg$ours" "$jpeg/jsimd_none.c"
compile webp "-msse4.1 -DWEBP_HAVE_SSE2 -DWEBP_HAVE_SSE41 -I$webp -I$webp/src" $(ls "$webp"/src/{dec,enc,demux,mux,dsp,utils}/*.c | grep -vE 'mips|neon|msa|/anim_decode|/thread_utils') "$webp/src/utils/thread_utils.c"
compile sharp "-msse4.1 -DWEBP_HAVE_SSE2 -I$webp -I$webp/src" $(ls "$webp"/sharpyuv/*.c | grep -v neon)
compile png "-I$png -I$zlib -msse2 -DPNG_INTEL_SSE_OPT=2 -DPNG_INTEL_SSE_IMPLEMENTATION=1" "$png"/intel/{filter_sse2_intrinsics,intel_init}.c \
  $(list "$png" png pngerror pngget pngmem pngpread pngread pngrio pngrtran pngrutil pngset pngtrans pngwio pngwrite pngwtran pngwutil)
compile z "-I$zlib -DNO_GZIP" $(list "$zlib" adler32 crc32 deflate inffast inflate inftrees trees zutil)
compile gif "-I$gif" $(list "$gif" dgif_lib gifalloc gif_hash openbsd-reallocarray)
compile lcms "-I$lcms/include -I$lcms/src -DCMS_NO_PTHREADS" $(list "$lcms/src" cmsalpha cmscam02 cmscnvrt cmserr cmsgamma cmsgmt \
  cmshalf cmsintrp cmsio0 cmsio1 cmslut cmsmd5 cmsmtrx cmsnamed cmsopt cmspack cmspcs cmsplugin cmssamp cmssm cmstypes \
  cmsvirt cmswtpnt cmsxform cmsps2)
rm -f "$build"/obj/glue-*
compile glue "-Wall -Wextra -I$here/glue -I$jpeg -I$webp -I$webp/src -I$png -I$zlib -I$gif -I$lcms/include" "$here"/glue/*.c

# 4. One module. Memory grows by 1 MiB, so that what is taken is close to what is used, and never beyond 128 MiB,
#    which is all that a Workers isolate has. The stack is what libwebp's deepest encoder needs, doubled.
emcc -O3 -msimd128 -sSTANDALONE_WASM --no-entry -sALLOW_MEMORY_GROWTH=1 -sMEMORY_GROWTH_LINEAR_STEP=1048576 \
  -sINITIAL_MEMORY=2097152 -sMAXIMUM_MEMORY=134217728 -sTOTAL_STACK=262144 -sMALLOC=dlmalloc -sFILESYSTEM=0 -sSUPPORT_LONGJMP=0 \
  "$build"/obj/*.o -o "$build/pack.wasm"

if [ "$mode" = --verify ]; then
  cmp "$build/pack.wasm" "$here/pack.wasm" && echo "pack.wasm is what the sources make"
else
  cp "$build/pack.wasm" "$here/pack.wasm"
  chmod 644 "$here/pack.wasm"
  lock_of "$here/pack.wasm" >"$here/pack.lock"
  ls -l "$here/pack.wasm"
fi
