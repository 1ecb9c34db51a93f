// Winograd's transforms of vectors of channels: F(m, 3) with the points 0, 1, −1 and ∞ for m = 2,
// with 2 as well for m = 3, and with 2 and −2 for m = 4.
// Source: Lavin and Gray 2015, "Fast algorithms for convolutional neural networks".

/// A transform along one axis; `edge` (m) is known to the compiler.
typedef void axis_transform(const int edge, const vector *from, vector *to);

/// The sizes of tiles, m_y × m_x: a routine of its own for each, and a table to find it.
#define TILE_SIZES(SIZE) SIZE(2, 2) SIZE(3, 3) SIZE(3, 4) SIZE(4, 3) SIZE(4, 4)
enum { tile_edges = ck_maximum_edge + 1 };

/// Bᵀ, of m + 2 inputs:
///
///    4  0 −5  0  1  0          2 −1 −2  1  0          1  0 −1  0
///    0 −4 −4  1  1  0          0 −2 −1  1  0          0  1  1  0
///    0  4 −4 −1  1  0          0  2 −3  1  0          0 −1  1  0
///    0 −2 −1  2  1  0          0 −1  0  1  0          0  1  0 −1
///    0  2 −1 −2  1  0          0  2 −1 −2  1
///    0  4  0 −5  0  1
INLINE void transform_input(const int edge, const vector *d, vector *to) {
  if (edge == 2) {
    to[0] = d[0] - d[2];
    to[1] = d[1] + d[2];
    to[2] = d[2] - d[1];
    to[3] = d[1] - d[3];
    return;
  }
  if (edge == 3) {
    vector difference = d[3] - d[1];
    to[0] = 2 * (d[0] - d[2]) + difference;
    to[1] = (d[3] - d[2]) - 2 * d[1];
    to[2] = d[3] + (2 * d[1] - 3 * d[2]);
    to[3] = difference;
    to[4] = (d[4] - d[2]) - 2 * difference;
    return;
  }
  vector even_1 = d[4] - 4 * d[2], odd_1 = d[3] - 4 * d[1];
  vector even_2 = d[4] - d[2], odd_2 = 2 * (d[3] - d[1]);
  to[0] = 4 * d[0] + (d[4] - 5 * d[2]);
  to[1] = even_1 + odd_1;
  to[2] = even_1 - odd_1;
  to[3] = even_2 + odd_2;
  to[4] = even_2 - odd_2;
  to[5] = 4 * d[1] + (d[5] - 5 * d[3]);
}

/// G, of 3 taps:
///
///    1/4    0     0           1/2    0     0          1    0    0
///   −1/6  −1/6  −1/6         −1/2  −1/2  −1/2        1/2  1/2  1/2
///   −1/6   1/6  −1/6         −1/6   1/6  −1/6        1/2 −1/2  1/2
///    1/24  1/12  1/6          1/6   1/3   2/3         0    0    1
///    1/24 −1/12  1/6           0     0     1
///    0     0     1
INLINE void transform_taps(const int edge, const vector *g, vector *to) {
  if (edge == 2) {
    vector even = (g[0] + g[2]) * 0.5f, odd = g[1] * 0.5f;
    to[0] = g[0];
    to[1] = even + odd;
    to[2] = even - odd;
    to[3] = g[2];
    return;
  }
  if (edge == 3) {
    vector even = g[0] + g[2];
    to[0] = g[0] * 0.5f;
    to[1] = (even + g[1]) * -0.5f;
    to[2] = (g[1] - even) * (1.0f / 6);
    to[3] = (g[0] + 2 * g[1] + 4 * g[2]) * (1.0f / 6);
    to[4] = g[2];
    return;
  }
  vector even_1 = (g[0] + g[2]) * (-1.0f / 6), odd_1 = g[1] * (1.0f / 6);
  vector even_2 = g[0] * (1.0f / 24) + g[2] * (1.0f / 6), odd_2 = g[1] * (1.0f / 12);
  to[0] = g[0] * 0.25f;
  to[1] = even_1 - odd_1;
  to[2] = even_1 + odd_1;
  to[3] = even_2 + odd_2;
  to[4] = even_2 - odd_2;
  to[5] = g[2];
}

/// Aᵀ, to m outputs:
///
///    1  1  1  1  1  0          1  1  1  1  0          1  1  1  0
///    0  1 −1  2 −2  0          0  1 −1  2  0          0  1 −1 −1
///    0  1  1  4  4  0          0  1  1  4  1
///    0  1 −1  8 −8  1
INLINE void transform_output(const int edge, const vector *m, vector *to) {
  if (edge == 2) {
    to[0] = m[0] + (m[1] + m[2]);
    to[1] = (m[1] - m[2]) - m[3];
    return;
  }
  if (edge == 3) {
    vector even = m[1] + m[2];
    to[0] = m[0] + (even + m[3]);
    to[1] = (m[1] - m[2]) + 2 * m[3];
    to[2] = (even + 4 * m[3]) + m[4];
    return;
  }
  vector even_1 = m[1] + m[2], odd_1 = m[1] - m[2];
  vector even_2 = m[3] + m[4], odd_2 = m[3] - m[4];
  to[0] = m[0] + (even_1 + even_2);
  to[1] = odd_1 + 2 * odd_2;
  to[2] = even_1 + 4 * even_2;
  to[3] = (odd_1 + 8 * odd_2) + m[5];
}

/// A, the transpose of Aᵀ, of m gradients of outputs.
INLINE void transform_output_gradient(const int edge, const vector *y, vector *to) {
  if (edge == 2) {
    to[0] = y[0];
    to[1] = y[0] + y[1];
    to[2] = y[0] - y[1];
    to[3] = -y[1];
    return;
  }
  if (edge == 3) {
    vector even = y[0] + y[2];
    to[0] = y[0];
    to[1] = even + y[1];
    to[2] = even - y[1];
    to[3] = y[0] + (2 * y[1] + 4 * y[2]);
    to[4] = y[2];
    return;
  }
  vector even_1 = y[0] + y[2], odd_1 = y[1] + y[3];
  vector even_2 = y[0] + 4 * y[2], odd_2 = 2 * y[1] + 8 * y[3];
  to[0] = y[0];
  to[1] = even_1 + odd_1;
  to[2] = even_1 - odd_1;
  to[3] = even_2 + odd_2;
  to[4] = even_2 - odd_2;
  to[5] = y[3];
}

/// Gᵀ, the transpose of G, to the gradients of 3 taps.
INLINE void transform_taps_gradient(const int edge, const vector *u, vector *to) {
  if (edge == 2) {
    vector half = (u[1] + u[2]) * 0.5f;
    to[0] = u[0] + half;
    to[1] = (u[1] - u[2]) * 0.5f;
    to[2] = half + u[3];
    return;
  }
  if (edge == 3) {
    vector even = (u[2] * (1.0f / 3) + u[1]) * -0.5f;
    to[0] = u[0] * 0.5f + (even + u[3] * (1.0f / 6));
    to[1] = (u[2] * (1.0f / 6) - u[1] * 0.5f) + u[3] * (1.0f / 3);
    to[2] = (even + u[3] * (2.0f / 3)) + u[4];
    return;
  }
  vector even_1 = (u[1] + u[2]) * (-1.0f / 6), odd_1 = (u[2] - u[1]) * (1.0f / 6);
  vector even_2 = u[3] + u[4], odd_2 = u[3] - u[4];
  to[0] = u[0] * 0.25f + (even_1 + even_2 * (1.0f / 24));
  to[1] = odd_1 + odd_2 * (1.0f / 12);
  to[2] = (even_1 + even_2 * (1.0f / 6)) + u[5];
}

/// Along the first axis: [rows, columns] vectors at from[i] + offset become [results, columns].
///
/// Each column is transformed as soon as it is loaded: with all of the square in registers first,
/// every vector would be stored and loaded once more.
INLINE void transform_columns(
    axis_transform *transform, const int edge, const int rows, const int columns, const int results,
    const float *const *from, ptrdiff_t offset, vector *half) {
#pragma clang loop unroll(full)
  for (int x = 0; x < columns; x++) {
    vector column[ck_maximum_span], done[ck_maximum_span];
#pragma clang loop unroll(full)
    for (int y = 0; y < rows; y++) column[y] = load(from[y * columns + x] + offset);
    transform(edge, column, done);
#pragma clang loop unroll(full)
    for (int y = 0; y < results; y++) half[y * columns + x] = done[y];
  }
}

/// Sources that are not there: as many channels as any routine transforms at once.
static const float zeros[ck_widest_part] = {0};
