// screens: opens N live streams and Z that never read, as fast as the server takes them; prints a JSON line when the last one has its
// first frame, one more at the end (any line on standard input); writes who was called and when each screen heard it.
// screens -p PORT -n N [-z Z] [-a AT_ONCE] [-w SPREAD_MS] [-h HOST] [-u PATH] [-s SUBPROTOCOL] [-o FILE]   cc -O2 -o screens screens.c
//  -a that many hand-shakes in flight at the most (default: all); -w they begin at random moments within so many ms
//  -o 16 bytes a delivery of a call: the number as in "A012" (4 characters), the screen (u32), CLOCK_MONOTONIC in ns (u64)
// How one knows that it is not the bottleneck: it prints its own processor time a wall second (`busy`), below 1 on its core.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
enum { IDLE, CONNECTING, ASKED, OPEN, GONE };
typedef struct { int fd, state, heard, deaf, code; uint32_t len, cap; unsigned char *b; uint64_t begins, began, first; } screen;
static screen *S; static int N, Z, ep, heard, flying, gone; static uint64_t frames, bytes, codes[5000]; static FILE *out;
static char *host = "127.0.0.1", *path = "/", *sub = "kayan.v1"; static int port;
static uint64_t now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
static void die(const char *m) { fprintf(stderr, "screens: %s: %s\n", m, strerror(errno)); exit(2); }

static void ends(screen *s, int code) {
  if (s->state == GONE) return;
  if (!s->heard) flying--;
  s->state = GONE; gone++; codes[code > 0 && code < 5000 ? code : 0]++;
  close(s->fd); free(s->b); s->b = 0; s->len = s->cap = 0;
}
static void say(screen *s, int op, const void *p, int n) {      // masked with a zero key
  unsigned char f[140] = {0x80 | op, 0x80 | n}; memcpy(f + 6, p, n);
  if (send(s->fd, f, 6 + n, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET && errno != EAGAIN) die("send");
}
static void start(int i) {
  screen *s = S + i; struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)}, me = {.sin_family = AF_INET}; int one = 1;
  if ((s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) < 0) die("socket");
  setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one); setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  me.sin_addr.s_addr = htonl(0x7f000001 + i / 4000);           // 127.0.0.1, .2, ... as source: ports never run out
  if (bind(s->fd, (void *)&me, sizeof me)) die("bind");
  inet_pton(AF_INET, host, &a.sin_addr); s->began = now(); s->state = CONNECTING; flying++;
  if (connect(s->fd, (void *)&a, sizeof a) && errno != EINPROGRESS) die("connect");
  struct epoll_event e = {.events = EPOLLOUT, .data.u32 = i}; epoll_ctl(ep, EPOLL_CTL_ADD, s->fd, &e);
}
static void called(screen *s, unsigned char *p, uint64_t n, uint64_t t) {
  unsigned char *end = p + n, *q = p;
  while (out && (q = memmem(q, end - q, "ticket.called", 13))) {
    if (!(q = memmem(q, end - q, "\xa6number", 7)) || end - q < 12) return;
    uint32_t who = s - S; fwrite(q + 8, 4, 1, out); fwrite(&who, 4, 1, out); fwrite(&t, 8, 1, out);
  }
}
static void parse(screen *s) {
  uint64_t t = now(); unsigned char *p = s->b; uint32_t left = s->len;
  if (s->state == ASKED) {
    unsigned char *e = memmem(p, left, "\r\n\r\n", 4); if (!e) return;
    if (memcmp(p, "HTTP/1.1 101", 12)) { ends(s, atoi((char *)p + 9)); return; }             // HTTP's own status
    left -= e + 4 - p; p = e + 4; s->state = OPEN;
    if (s->deaf) { s->heard = 1; heard++; flying--; s->first = t; epoll_ctl(ep, EPOLL_CTL_DEL, s->fd, 0); return; }
  }
  while (left >= 2) {
    int op = p[0] & 15, h = 2; uint64_t n = p[1] & 127;
    if (n == 126) { if (left < 4) break; n = p[2] << 8 | p[3]; h = 4; }
    else if (n == 127) { if (left < 10) break; n = 0; for (int k = 2; k < 10; k++) n = n << 8 | p[k]; h = 10; }
    if (left < h + n) break;
    if (op == 9) say(s, 10, p + h, n);
    else if (op == 8) { int code = n > 1 ? p[h] << 8 | p[h + 1] : 1005; say(s, 8, p + h, n > 1 ? 2 : 0); ends(s, code); return; }
    else { frames++; bytes += h + n;
      if (!s->heard) { s->heard = 1; heard++; flying--; s->first = t; }
      called(s, p + h, n, t); }
    p += h + n; left -= h + n;
  }
  memmove(s->b, p, left); s->len = left;
  if (!left) { free(s->b); s->b = 0; s->cap = 0; }
}
static void turn(int i) {
  screen *s = S + i;
  if (s->state == CONNECTING) {
    int er = 0; socklen_t l = sizeof er; getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &er, &l); if (er) { ends(s, 2); return; }
    char r[600]; int n = snprintf(r, sizeof r, "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: %s\r\n\r\n", path, host, port, sub);
    if (send(s->fd, r, n, MSG_NOSIGNAL) != n) { ends(s, 3); return; }
    s->state = ASKED; struct epoll_event e = {.events = EPOLLIN, .data.u32 = i}; epoll_ctl(ep, EPOLL_CTL_MOD, s->fd, &e); return;
  }
  if (s->state == GONE) return;
  if (s->cap - s->len < 2048) { s->cap = s->cap ? 2 * s->cap : 4096; s->b = realloc(s->b, s->cap); if (!s->b) die("memory"); }
  int n = recv(s->fd, s->b + s->len, s->cap - s->len, 0);
  if (n <= 0) { if (n < 0 && errno == EAGAIN) return; ends(s, 1006); return; }
  s->len += n; parse(s);
}
static int by_time(const void *a, const void *b) { uint64_t x = *(uint64_t *)a, y = *(uint64_t *)b; return x < y ? -1 : x > y; }
int main(int ac, char **av) {
  int at_once = 0, spread = 0, o; char *file = 0;
  while ((o = getopt(ac, av, "h:p:n:z:a:w:u:s:o:")) > 0) switch (o) {
    case 'h': host = optarg; break; case 'p': port = atoi(optarg); break; case 'n': N = atoi(optarg); break; case 'z': Z = atoi(optarg); break;
    case 'a': at_once = atoi(optarg); break; case 'w': spread = atoi(optarg); break; case 'u': path = optarg; break; case 's': sub = optarg; break;
    case 'o': file = optarg; break; default: return 2; }
  int all = N + Z; if (!at_once) at_once = all;
  S = calloc(all, sizeof *S); ep = epoll_create1(0); if (file && !(out = fopen(file, "wb"))) die(file);
  for (int i = N; i < all; i++) S[i].deaf = 1;
  struct epoll_event e = {.events = EPOLLIN, .data.u32 = UINT32_MAX}; epoll_ctl(ep, EPOLL_CTL_ADD, 0, &e);
  static struct epoll_event ev[1024]; uint64_t t0 = now(), told = 0; int k = 0, run = 1; srandom(1);
  for (int i = 0; i < all; i++) S[i].begins = t0 + (spread ? random() % (spread * 1000000ull) : 0);
  if (spread) { uint64_t *b = malloc(8ul * all); for (int i = 0; i < all; i++) b[i] = S[i].begins; qsort(b, all, 8, by_time);
    for (int i = 0; i < all; i++) S[i].begins = b[i];
    free(b); }
  struct rusage u0, u1; getrusage(RUSAGE_SELF, &u0); uint64_t f0 = 0, w0 = t0;
  while (run) {
    while (k < all && flying < at_once && now() >= S[k].begins) start(k++);
    int n = epoll_wait(ep, ev, 1024, k < all ? 1 : 100);
    for (int j = 0; j < n; j++) { if (ev[j].data.u32 == UINT32_MAX) run = 0; else turn(ev[j].data.u32); }
    if (!told && heard + gone >= all && k == all) {
      told = now(); uint64_t *w = malloc(8ul * all), last = 0; int c = 0;
      for (int i = 0; i < all; i++) if (S[i].first) { w[c++] = S[i].first - S[i].began; if (S[i].first > last) last = S[i].first; }
      qsort(w, c, 8, by_time);
      printf("{\"opened\":%d,\"gone\":%d,\"seconds\":%.4f,\"first_p50_ms\":%.2f,\"first_p99_ms\":%.2f,\"first_max_ms\":%.2f}\n", c, gone,
        last ? (last - t0) / 1e9 : 0, c ? w[c / 2] / 1e6 : 0, c ? w[(int)((c - 1) * .99)] / 1e6 : 0, c ? w[c - 1] / 1e6 : 0);
      fflush(stdout); getrusage(RUSAGE_SELF, &u0); f0 = frames; w0 = told; } }
  getrusage(RUSAGE_SELF, &u1); double wall = (now() - w0) / 1e9;
#define TV(x) (u1.x.tv_sec - u0.x.tv_sec + (u1.x.tv_usec - u0.x.tv_usec) / 1e6)
  printf("{\"frames\":%lu,\"bytes\":%lu,\"gone\":%d,\"busy\":%.3f,\"codes\":{", frames - f0, bytes, gone, (TV(ru_utime) + TV(ru_stime)) / wall);
  for (int c = 0, first = 1; c < 5000; c++) if (codes[c]) { printf("%s\"%d\":%lu", first ? "" : ",", c, codes[c]); first = 0; }
  printf("}}\n"); if (out) fclose(out);
  return 0;
}
