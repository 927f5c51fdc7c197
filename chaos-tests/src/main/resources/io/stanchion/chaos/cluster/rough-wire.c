/*
 * A wire between a network name space and the bridge outside it, as bad as a small file says: it loses frames, holds them back, and
 * carries no more than so many bytes a second. The kernel's own emulator is not in every kernel; taps are.
 *
 * rough-wire SPACE TAP-OUTSIDE TAP-INSIDE CONTROL-FILE     prints "ready"; ends with its standard input
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MAX = 2048, FRAMES_MAX = 8192, QUEUE_BYTES_WHEN_SLOW = 64 << 10 };

/* Written by others while we run. */
struct control {
    volatile int64_t delay_micros, jitter_micros, loss_ppm, bytes_per_second;
};

struct frame {
    int64_t due;
    int length;
    char bytes[FRAME_MAX];
};

/* One direction: a ring of frames in the order in which they leave. */
struct lane {
    int from, to;
    struct frame *frames;
    unsigned head, tail;
    int64_t bytes, last_due, sent_until;
};

static void fail(const char *what) {
    fprintf(stderr, "rough-wire: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_micros(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static int tap(const char *name) {
    struct ifreq request;
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (fd < 0) fail("/dev/net/tun");
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (ioctl(fd, TUNSETIFF, &request) < 0) fail(name);
    return fd;
}

static void take(struct lane *lane, const struct control *control) {
    while (1) {
        int full = lane->tail - lane->head == FRAMES_MAX;
        struct frame *frame = &lane->frames[lane->tail % FRAMES_MAX];
        char dropped[FRAME_MAX];
        int length = read(lane->from, full ? dropped : frame->bytes, FRAME_MAX);
        if (length <= 0) return;
        int64_t rate = control->bytes_per_second, now = now_micros();
        int lost = random() % 1000000 < control->loss_ppm;
        if (full || lost || (rate > 0 && lane->bytes > QUEUE_BYTES_WHEN_SLOW)) continue;
        int64_t start = now;
        if (rate > 0) {
            if (lane->sent_until < now) lane->sent_until = now;
            lane->sent_until += length * 1000000LL / rate;
            start = lane->sent_until;
        }
        int64_t jitter = control->jitter_micros;
        frame->due = start + control->delay_micros + (jitter > 0 ? random() % jitter : 0);
        if (frame->due < lane->last_due) frame->due = lane->last_due; /* late, but not overtaken */
        lane->last_due = frame->due;
        frame->length = length;
        lane->bytes += length;
        lane->tail++;
    }
}

/* Sends what is due, and says how long until the next is. */
static int64_t give(struct lane *lane) {
    int64_t now = now_micros();
    while (lane->head != lane->tail) {
        struct frame *frame = &lane->frames[lane->head % FRAMES_MAX];
        if (frame->due > now) return frame->due - now;
        if (write(lane->to, frame->bytes, frame->length) < 0 && errno == EAGAIN) return 1000;
        lane->bytes -= frame->length;
        lane->head++;
    }
    return 1000000;
}

int main(int count, char **args) {
    if (count != 5) return 2;
    int outside = tap(args[2]);
    int space = open(args[1], O_RDONLY);
    if (space < 0 || setns(space, CLONE_NEWNET) < 0) fail(args[1]);
    int inside = tap(args[3]);
    int file = open(args[4], O_RDONLY);
    struct control *control = mmap(NULL, sizeof *control, PROT_READ, MAP_SHARED, file, 0);
    if (file < 0 || control == MAP_FAILED) fail(args[4]);
    struct lane lanes[2] = {{outside, inside, calloc(FRAMES_MAX, sizeof(struct frame)), 0, 0, 0, 0, 0},
                            {inside, outside, calloc(FRAMES_MAX, sizeof(struct frame)), 0, 0, 0, 0, 0}};
    if (!lanes[0].frames || !lanes[1].frames) fail("memory");
    printf("ready\n");
    fflush(stdout);
    while (1) {
        int64_t wait = give(&lanes[0]), other = give(&lanes[1]);
        if (other < wait) wait = other;
        struct timespec patience = {wait / 1000000, wait % 1000000 * 1000};
        struct pollfd fds[3] = {{outside, POLLIN, 0}, {inside, POLLIN, 0}, {0, POLLIN, 0}};
        ppoll(fds, 3, &patience, NULL);
        if (fds[2].revents) return 0; /* nobody ever writes to us: it has ended */
        take(&lanes[0], control);
        take(&lanes[1], control);
    }
}
