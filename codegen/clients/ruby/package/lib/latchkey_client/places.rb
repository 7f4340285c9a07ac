# frozen_string_literal: true

require "timeout"

module Latchkey
  # So many places, which threads take and wait for. In a forked process all are free.
  class Places
    def initialize(count)
      @count = count
      @taken = 0
      @process = Process.pid
      # A fork frees a lock that another thread holds.
      @lock = Mutex.new
      @freed = ConditionVariable.new
    end

    # Executes the block in a place; it raises `Timeout::Error` if none is free within these seconds.
    def take(seconds)
      enter(Attempts.now + seconds)
      begin
        yield
      ensure
        leave
      end
    end

    private

    def enter(finish)
      @lock.synchronize do
        unless @process == Process.pid
          @process = Process.pid
          @taken = 0
        end
        while @taken == @count
          left = finish - Attempts.now
          raise ::Timeout::Error, "no place was free in time" unless left.positive?

          @freed.wait(@lock, left)
        end
        @taken += 1
      end
    end

    def leave
      @lock.synchronize do
        @taken -= 1
        @freed.signal
      end
    end
  end
end
