/* Loaded before libc into a node. Lies about the time of day and about fsync, as a small shared file says; see LyingLibc. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct lies {
    int64_t clock_offset_nanos;
    int64_t clock_drift_ppm;
    int64_t clock_drift_start_nanos; /* time of day when the drift began */
    int64_t sync_delay_micros;
    int64_t sync_failures; /* how many are still to fail; counted down here */
};

static struct lies truth;
static volatile struct lies *lies = &truth;
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void load(void) {
    real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    const char *file = getenv("LYING_LIBC");
    int fd = file ? open(file, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) {
        return;
    }
    void *mapped = mmap(NULL, sizeof(struct lies), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED) {
        lies = mapped;
    }
}

static int64_t wrong(int64_t nanos) {
    int64_t drift = lies->clock_drift_ppm;
    int64_t drifted = drift ? (nanos - lies->clock_drift_start_nanos) / 1000000 * drift : 0;
    return nanos + lies->clock_offset_nanos + drifted;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!real_clock_gettime) { /* somebody's constructor ran before ours */
        load();
    }
    int result = real_clock_gettime(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t nanos = wrong(time->tv_sec * INT64_C(1000000000) + time->tv_nsec);
        time->tv_sec = nanos / INT64_C(1000000000);
        time->tv_nsec = nanos % INT64_C(1000000000);
    }
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec precise;
    int result = clock_gettime(CLOCK_REALTIME, &precise);
    time->tv_sec = precise.tv_sec;
    time->tv_usec = precise.tv_nsec / 1000;
    return result;
}

static int sync_with(int (*real)(int), int fd) {
    if (lies->sync_delay_micros > 0) {
        usleep((useconds_t)lies->sync_delay_micros);
    }
    if (lies->sync_failures > 0 && __sync_fetch_and_sub(&lies->sync_failures, 1) > 0) {
        errno = EIO;
        return -1;
    }
    return real(fd);
}

int fsync(int fd) { return sync_with(real_fsync, fd); }

int fdatasync(int fd) { return sync_with(real_fdatasync, fd); }
