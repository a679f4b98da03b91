// Threads that share the rows of one product. A caller works too, and works alone where the pool is busy with another:
// nothing waits for a thread that something else holds, and no result depends on who computed it.
#include "families.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct ck_pool {
  pthread_mutex_t lock;
  pthread_cond_t wake, done;
  pthread_t *threads;
  size_t count;
  int stopping;
  // one job at a time; `round` tells a sleeping thread that there is a new one
  atomic_ulong round;
  size_t pieces, working;
  atomic_size_t next;
  void (*work)(void *, size_t, size_t);
  void *context;
  pthread_mutex_t owner;
};

struct member {
  ck_pool *pool;
  size_t index;
};

static void run_pieces(ck_pool *pool, size_t thread) {
  for (;;) {
    const size_t piece = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
    if (piece >= pool->pieces) return;
    pool->work(pool->context, piece, thread);
  }
}

static void *member_loop(void *argument) {
  const struct member self = *(struct member *)argument;
  free(argument);
  ck_pool *pool = self.pool;
  unsigned long seen = 0;
  for (;;) {
    // products follow each other within microseconds: look a while before going to sleep
    for (int turn = 0; turn < 4000 && atomic_load_explicit(&pool->round, memory_order_acquire) == seen; turn++) {
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
    pthread_mutex_lock(&pool->lock);
    while (atomic_load(&pool->round) == seen && !pool->stopping) pthread_cond_wait(&pool->wake, &pool->lock);
    if (pool->stopping) {
      pthread_mutex_unlock(&pool->lock);
      return 0;
    }
    seen = atomic_load(&pool->round);
    pthread_mutex_unlock(&pool->lock);
    run_pieces(pool, self.index);
    pthread_mutex_lock(&pool->lock);
    if (--pool->working == 0) pthread_cond_signal(&pool->done);
    pthread_mutex_unlock(&pool->lock);
  }
}

ck_pool *ck_pool_make(size_t threads) {
  ck_pool *pool = calloc(1, sizeof *pool);
  if (!pool) return 0;
  pthread_mutex_init(&pool->lock, 0);
  pthread_mutex_init(&pool->owner, 0);
  pthread_cond_init(&pool->wake, 0);
  pthread_cond_init(&pool->done, 0);
  pool->threads = calloc(threads ? threads : 1, sizeof *pool->threads);
  for (size_t i = 1; pool->threads && i < threads; i++) {
    struct member *self = malloc(sizeof *self);
    if (!self) break;
    *self = (struct member){pool, i};
    if (pthread_create(&pool->threads[pool->count], 0, member_loop, self)) {
      free(self);
      break;
    }
    pool->count++;
  }
  return pool;
}

void ck_pool_free(ck_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->stopping = 1;
  atomic_fetch_add(&pool->round, 1);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->lock);
  for (size_t i = 0; i < pool->count; i++) pthread_join(pool->threads[i], 0);
  free(pool->threads);
  free(pool);
}

size_t ck_pool_threads(const ck_pool *pool) { return pool->count + 1; }

void ck_pool_run(ck_pool *pool, size_t pieces, void *context, void (*work)(void *, size_t, size_t)) {
  if (!pool || pieces < 2 || pool->count == 0 || pthread_mutex_trylock(&pool->owner)) {
    for (size_t i = 0; i < pieces; i++) work(context, i, 0);
    return;
  }
  pthread_mutex_lock(&pool->lock);
  pool->pieces = pieces;
  pool->context = context;
  pool->work = work;
  pool->working = pool->count;
  atomic_store(&pool->next, 0);
  atomic_fetch_add_explicit(&pool->round, 1, memory_order_release);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->lock);
  run_pieces(pool, 0);
  pthread_mutex_lock(&pool->lock);
  while (pool->working) pthread_cond_wait(&pool->done, &pool->lock);
  pthread_mutex_unlock(&pool->lock);
  pthread_mutex_unlock(&pool->owner);
}
