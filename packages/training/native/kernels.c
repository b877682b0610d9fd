// The inner loops of training: implicit ALS in closed form, item-item neighbours, and scores for evaluation.
//
// One idea carries it: both sides of the factorisation are kept in the basis in which the Gramian of the other side is
// diagonal. Then a row with n saves costs an n × n system instead of a d × d one (Woodbury), and most users have 25
// saves against 128 dimensions: eight times less work for the same exact solution.
//
// All sums run through one tile of 2 × 4 dot products: eight accumulators and the operands fit the sixteen registers of
// a machine without AVX. Every length is a multiple of four floats and every pointer is aligned to 16 bytes.
// No libc, no allocation: the caller lays out the memory above heap_base().
#include <stddef.h>
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT __attribute__((visibility("default"), used))

extern uint8_t __heap_base;
EXPORT uint8_t *heap_base(void) { return &__heap_base; }

// The sums of four registers as one: [Σa, Σb, Σc, Σd].
static inline v128_t sums(v128_t a, v128_t b, v128_t c, v128_t d) {
  v128_t ab = wasm_f32x4_add(wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
  v128_t cd = wasm_f32x4_add(wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), wasm_i32x4_shuffle(c, d, 2, 6, 3, 7));
  return wasm_f32x4_add(wasm_i32x4_shuffle(ab, cd, 0, 1, 4, 5), wasm_i32x4_shuffle(ab, cd, 2, 3, 6, 7));
}

// Dot products of the rows a0 and a1 with four rows that begin at b, `stride` floats apart.
static inline void tile(const float *a0, const float *a1, const float *b, int stride, int length, v128_t out[2]) {
  const float *b1 = b + stride, *b2 = b1 + stride, *b3 = b2 + stride;
  v128_t s0 = wasm_f32x4_splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  for (int k = 0; k < length; k += 4) {
    v128_t x = wasm_v128_load(a0 + k), y = wasm_v128_load(a1 + k), z = wasm_v128_load(b + k);
    s0 = wasm_f32x4_add(s0, wasm_f32x4_mul(x, z));
    t0 = wasm_f32x4_add(t0, wasm_f32x4_mul(y, z));
    z = wasm_v128_load(b1 + k);
    s1 = wasm_f32x4_add(s1, wasm_f32x4_mul(x, z));
    t1 = wasm_f32x4_add(t1, wasm_f32x4_mul(y, z));
    z = wasm_v128_load(b2 + k);
    s2 = wasm_f32x4_add(s2, wasm_f32x4_mul(x, z));
    t2 = wasm_f32x4_add(t2, wasm_f32x4_mul(y, z));
    z = wasm_v128_load(b3 + k);
    s3 = wasm_f32x4_add(s3, wasm_f32x4_mul(x, z));
    t3 = wasm_f32x4_add(t3, wasm_f32x4_mul(y, z));
  }
  out[0] = sums(s0, s1, s2, s3);
  out[1] = sums(t0, t1, t2, t3);
}

// y += factor · x
static inline void add_scaled(float *y, const float *x, float factor, int length) {
  v128_t f = wasm_f32x4_splat(factor);
  for (int k = 0; k < length; k += 4)
    wasm_v128_store(y + k, wasm_f32x4_add(wasm_v128_load(y + k), wasm_f32x4_mul(f, wasm_v128_load(x + k))));
}

static inline void clear(float *x, int length) {
  for (int k = 0; k < length; k += 4) wasm_v128_store(x + k, wasm_f32x4_splat(0));
}

// Solves A x = b for a symmetric positive definite A: its lower triangle, n a multiple of four, rows `stride` apart. b is
// row n, a row of zeros follows, and x replaces b. Factors A in place; b goes along as one more row, so that the forward
// substitution is done by the same tiles. Columns go by four.
static float *cholesky_solve(float *A, int n, int stride) {
  for (int j = 0; j < n; j += 4) {
    float *D = A + j * stride + j;
    v128_t s[2];
    for (int i = j; i < n + 2; i += 2) {
      float *r0 = A + i * stride, *r1 = r0 + stride;
      tile(r0, r1, A + j * stride, stride, j, s);
      wasm_v128_store(r0 + j, wasm_f32x4_sub(wasm_v128_load(r0 + j), s[0]));
      wasm_v128_store(r1 + j, wasm_f32x4_sub(wasm_v128_load(r1 + j), s[1]));
    }
    float l[4][4], inverse[4];
    for (int c = 0; c < 4; c++) {
      for (int k = 0; k < c; k++) {
        float value = D[c * stride + k];
        for (int e = 0; e < k; e++) value -= l[c][e] * l[k][e];
        D[c * stride + k] = l[c][k] = value * inverse[k];
      }
      float pivot = D[c * stride + c];
      for (int k = 0; k < c; k++) pivot -= l[c][k] * l[c][k];
      D[c * stride + c] = pivot = __builtin_sqrtf(pivot);
      inverse[c] = 1 / pivot;
    }
    for (int i = j + 4; i <= n; i++) {
      float *row = A + i * stride + j;
      float x = row[0] * inverse[0];
      float y = (row[1] - x * l[1][0]) * inverse[1];
      float z = (row[2] - x * l[2][0] - y * l[2][1]) * inverse[2];
      row[3] = (row[3] - x * l[3][0] - y * l[3][1] - z * l[3][2]) * inverse[3];
      row[0] = x, row[1] = y, row[2] = z;
    }
  }
  float *b = A + n * stride;
  for (int i = n - 1; i >= 0; i--) {
    const float *row = A + i * stride;
    b[i] /= row[i];
    add_scaled(b, row, -b[i], i & ~3);
    for (int k = i & ~3; k < i; k++) b[k] -= b[i] * row[k];
  }
  return b;
}

// Rows of X taken by `index` (null: consecutive from `first`) into columns of T, which is d × chunk. Rest is zero.
static void transpose(const float *X, const uint32_t *index, int first, int count, int d, float *T, int chunk) {
  for (int r = 0; r < chunk; r++) {
    if (r < count) {
      const float *x = X + (size_t)(index ? index[first + r] : (uint32_t)(first + r)) * d;
      for (int k = 0; k < d; k++) T[k * chunk + r] = x[k];
    } else if (r < ((count + 3) & ~3)) {
      for (int k = 0; k < d; k++) T[k * chunk + r] = 0;
    }
  }
}

enum { chunk = 128 };

// Adds Σ x xᵀ over `count` rows from `first` on to the d × d sums G. Scratch: d · chunk floats.
// Sums of 128 rows in float, their sum in double: 37,501 rows would lose three digits otherwise.
EXPORT void gramian_add(const float *X, int first, int count, int d, double *G, float *scratch) {
  for (int from = 0; from < count; from += chunk) {
    int rows = count - from < chunk ? count - from : chunk;
    transpose(X, 0, first + from, rows, d, scratch, chunk);
    for (int i = 0; i < d; i += 2)
      for (int j = 0; j < d; j += 4) {
        v128_t s[2];
        tile(scratch + i * chunk, scratch + (i + 1) * chunk, scratch + j * chunk, chunk, (rows + 3) & ~3, s);
        float t[8];
        wasm_v128_store(t, s[0]);
        wasm_v128_store(t + 4, s[1]);
        for (int c = 0; c < 4; c++) {
          G[i * d + j + c] += t[c];
          G[(i + 1) * d + j + c] += t[4 + c];
        }
      }
  }
}

// Cyclic Jacobi (Golub & Van Loan, 8.5): turns the symmetric G diagonal, and writes the basis as rows of V.
// Answers the sweeps it took. Rotations below 1e-9 of the diagonal are left out: the factors are floats.
EXPORT int diagonalise(double *G, int d, double *V) {
  for (int i = 0; i < d * d; i++) V[i] = 0;
  for (int i = 0; i < d; i++) V[i * d + i] = 1;
  for (int sweep = 0; sweep < 30; sweep++) {
    int turned = 0;
    for (int p = 0; p < d; p++)
      for (int q = p + 1; q < d; q++) {
        double apq = G[p * d + q], app = G[p * d + p], aqq = G[q * d + q];
        if (apq * apq <= 1e-18 * app * aqq || apq == 0) continue;
        turned = 1;
        double theta = (aqq - app) / (2 * apq);
        double root = __builtin_sqrt(theta * theta + 1);
        double t = theta >= 0 ? 1 / (theta + root) : 1 / (theta - root);
        double c = 1 / __builtin_sqrt(t * t + 1), s = t * c;
        double *gp = G + p * d, *gq = G + q * d, *vp = V + p * d, *vq = V + q * d;
        for (int k = 0; k < d; k++) {
          double x = gp[k], y = gq[k];
          gp[k] = c * x - s * y;
          gq[k] = s * x + c * y;
          x = vp[k], y = vq[k];
          vp[k] = c * x - s * y;
          vq[k] = s * x + c * y;
        }
        for (int k = 0; k < d; k++) {
          if (k == p || k == q) continue;
          G[k * d + p] = gp[k];
          G[k * d + q] = gq[k];
        }
        gp[p] = app - t * apq;
        gq[q] = aqq + t * apq;
        gp[q] = gq[p] = 0;
      }
    if (!turned) return sweep;
  }
  return 30;
}

// X ← X Vᵀ for `count` rows from `first` on. Scratch: 2 d floats.
EXPORT void rotate(float *X, int first, int count, int d, const float *V, float *scratch) {
  for (int r = first; r < first + count; r += 2) {
    float *x0 = X + (size_t)r * d, *x1 = r + 1 < first + count ? x0 + d : x0;
    for (int j = 0; j < d; j += 4) {
      v128_t s[2];
      tile(x0, x1, V + j * d, d, d, s);
      wasm_v128_store(scratch + j, s[0]);
      wasm_v128_store(scratch + d + j, s[1]);
    }
    __builtin_memcpy(x0, scratch, d * 4);
    if (x1 != x0) __builtin_memcpy(x1, scratch + d, d * 4);
  }
}

// n saves, n ≤ d: w = D⁻¹ Hᵀ (I + H D⁻¹ Hᵀ)⁻¹ 1 with the diagonal D. Scratch: d + m·d + m·(m + 2) floats, where m is n rounded up.
static void solve_dual(const uint32_t *columns, int n, const float *H, int d, const float *D, float *out, float *scratch) {
  int m = (n + 3) & ~3;
  float *root = scratch, *Z = root + d, *K = Z + m * d;
  for (int k = 0; k < d; k++) root[k] = 1 / __builtin_sqrtf(D[k]);
  for (int r = 0; r < m; r++) {
    float *z = Z + r * d;
    if (r >= n) {
      clear(z, d);
      continue;
    }
    const float *h = H + (size_t)columns[r] * d;
    for (int k = 0; k < d; k += 4) wasm_v128_store(z + k, wasm_f32x4_mul(wasm_v128_load(h + k), wasm_v128_load(root + k)));
  }
  for (int i = 0; i < m; i += 2)
    for (int j = 0; j <= i; j += 4) {
      v128_t s[2];
      tile(Z + i * d, Z + (i + 1) * d, Z + j * d, d, d, s);
      wasm_v128_store(K + i * m + j, s[0]);
      wasm_v128_store(K + (i + 1) * m + j, s[1]);
    }
  clear(K + m * m, 2 * m);
  for (int i = 0; i < m; i++) K[i * m + i] += 1;
  for (int i = 0; i < n; i++) K[m * m + i] = 1;
  const float *y = cholesky_solve(K, m, m);
  clear(out, d);
  for (int r = 0; r < n; r++) add_scaled(out, Z + r * d, y[r], d);
  for (int k = 0; k < d; k += 4) wasm_v128_store(out + k, wasm_f32x4_mul(wasm_v128_load(out + k), wasm_v128_load(root + k)));
}

// n saves, n > d: (D + Hᵀ H) w = Hᵀ 1. Scratch: (d + 2)·d + d·chunk floats.
static void solve_primal(const uint32_t *columns, int n, const float *H, int d, const float *D, float *out, float *scratch) {
  float *A = scratch, *b = A + d * d, *T = b + 2 * d;
  clear(A, (d + 2) * d);
  for (int from = 0; from < n; from += chunk) {
    int rows = n - from < chunk ? n - from : chunk;
    transpose(H, columns, from, rows, d, T, chunk);
    for (int i = 0; i < d; i += 2)
      for (int j = 0; j <= i; j += 4) {
        v128_t s[2];
        tile(T + i * chunk, T + (i + 1) * chunk, T + j * chunk, chunk, (rows + 3) & ~3, s);
        float *a0 = A + i * d + j, *a1 = a0 + d;
        wasm_v128_store(a0, wasm_f32x4_add(wasm_v128_load(a0), s[0]));
        wasm_v128_store(a1, wasm_f32x4_add(wasm_v128_load(a1), s[1]));
      }
    for (int r = 0; r < rows; r++) add_scaled(b, H + (size_t)columns[from + r] * d, 1, d);
  }
  for (int k = 0; k < d; k++) A[k * d + k] += D[k];
  __builtin_memcpy(out, cholesky_solve(A, d, d), d * sizeof(float));
}

// Rows first … last−1 of the side that is solved for. `offsets` and `columns` are its saves (CSR), H the other side's
// factors in the basis in which its Gramian is diagonal, `eigen` that diagonal times α₀, `ridge` λ of each row.
// Scratch: 2 d + (d + 2)·d + d·max(d, chunk) floats. A row without saves becomes zero.
EXPORT void solve_rows(int first, int last, const uint32_t *offsets, const uint32_t *columns, const float *H, int d,
                       const float *eigen, const float *ridge, float *out, float *scratch) {
  float *D = scratch;
  for (int row = first; row < last; row++) {
    int n = offsets[row + 1] - offsets[row];
    float *w = out + (size_t)row * d;
    if (n == 0) {
      clear(w, d);
      continue;
    }
    for (int k = 0; k < d; k++) D[k] = eigen[k] + ridge[row];
    (n <= d ? solve_dual : solve_primal)(columns + offsets[row], n, H, d, D, w, scratch + d);
  }
}

// Scores of `users` user rows against `items` item rows, both in multiples the caller pads: out is users × stride.
EXPORT void score_rows(const float *W, int users, const float *H, int items, int d, float *out, int stride) {
  for (int u = 0; u < users; u += 2) {
    const float *w0 = W + (size_t)u * d, *w1 = u + 1 < users ? w0 + d : w0;
    float *o0 = out + (size_t)u * stride, *o1 = u + 1 < users ? o0 + stride : o0;
    for (int j = 0; j < items; j += 4) {
      v128_t s[2];
      tile(w0, w1, H + (size_t)j * d, d, d, s);
      wasm_v128_store(o1 + j, s[1]);
      wasm_v128_store(o0 + j, s[0]);
    }
  }
}

static inline int heavier(const float *weight, uint32_t a, uint32_t b) {
  return weight[a] > weight[b] || (weight[a] == weight[b] && a < b);
}

static void sift(uint32_t *heap, int at, int size, const float *weight) {
  uint32_t value = heap[at];
  for (int child; (child = 2 * at + 1) < size; at = child) {
    if (child + 1 < size && heavier(weight, heap[child], heap[child + 1])) child++;
    if (!heavier(weight, value, heap[child])) break;
    heap[at] = heap[child];
  }
  heap[at] = value;
}

// The `keep` heaviest neighbours of one item, heaviest first; answers how many there are.
//   weight(i, j) = targetFactor[j] · Σ over users u with both of userFactor[u]
// Ties go to the smaller index. `sums` (a float an item) is zero before and after; `touched` has room for all items.
EXPORT int neighbours(int item, const uint32_t *itemOffsets, const uint32_t *itemUsers, const uint32_t *userOffsets,
                      const uint32_t *userItems, const float *userFactor, const float *targetFactor, int keep,
                      float *sums, uint32_t *touched, uint32_t *outItems, float *outWeights) {
  int count = 0;
  for (uint32_t at = itemOffsets[item]; at < itemOffsets[item + 1]; at++) {
    uint32_t user = itemUsers[at];
    float factor = userFactor[user];
    for (uint32_t k = userOffsets[user]; k < userOffsets[user + 1]; k++) {
      uint32_t other = userItems[k];
      if (sums[other] == 0) touched[count++] = other;
      sums[other] += factor;
    }
  }
  int size = 0;
  for (int k = 0; k < count; k++) {
    uint32_t other = touched[k];
    sums[other] *= targetFactor[other];
    if (other == (uint32_t)item) continue;
    if (size < keep) {
      outItems[size++] = other;
      if (size == keep) for (int at = size / 2 - 1; at >= 0; at--) sift(outItems, at, size, sums);
    } else if (heavier(sums, other, outItems[0])) {
      outItems[0] = other;
      sift(outItems, 0, size, sums);
    }
  }
  if (size < keep) for (int at = size / 2 - 1; at >= 0; at--) sift(outItems, at, size, sums);
  for (int end = size - 1; end > 0; end--) {
    uint32_t lightest = outItems[0];
    outItems[0] = outItems[end];
    outItems[end] = lightest;
    sift(outItems, 0, end, sums);
  }
  for (int k = 0; k < size; k++) outWeights[k] = sums[outItems[k]];
  for (int k = 0; k < count; k++) sums[touched[k]] = 0;
  return size;
}
