/** A list of listeners for one kind of event. A listener that throws does not keep the others from running. */
export class Emitter<T> {
  private listeners: readonly ((event: T) => void)[] = [];

  /** Adds a listener; the returned function removes it. */
  on(listener: (event: T) => void): () => void {
    this.listeners = [...this.listeners, listener];
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }

  emit(event: T): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        // Reported the way an uncaught error is, but outside the loop over the other listeners.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
