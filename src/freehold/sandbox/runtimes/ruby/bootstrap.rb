# frozen_string_literal: true

# The Ruby runtime: takes invocations from the Runtime API, calls the function's handler, gives back what it says.
#
# One idea: one connection, one loop. It runs inside the function's own process and may use the standard library alone.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-ruby.html

require "json"
require "logger"
require "socket"
require "stringio"

module Freehold
  PATH = "/2018-06-01/runtime"
  FRAME_TYPE = 0xa55a0003
  HERE = File.dirname(File.expand_path(__FILE__))
  FORM = "FILENAME.METHOD or FILENAME.CLASS.METHOD where FILENAME corresponds with an existing Ruby source file " \
         "FILENAME.rb, CLASS is an optional module/class namespace and METHOD is a callable method. If using CLASS, " \
         "METHOD must be a class-level method."
  CRITICAL = -1 # what the process ends with when a handler failed in a way that it may not survive
  INIT_FAILED = -4

  # The function's voice, in place of stdout and stderr: what is written at once is one event on the telemetry pipe.
  class Voice
    attr_accessor :sync

    def initialize(descriptor)
      @pipe = IO.for_fd(descriptor, "wb", autoclose: false)
      @pipe.sync = @pipe.close_on_exec = true
      @rest = +""
    end

    def event(text)
      bytes = text.to_s.b
      @pipe.write([FRAME_TYPE, bytes.bytesize, Process.clock_gettime(Process::CLOCK_REALTIME, :microsecond)].pack("NNQ>") + bytes)
    end

    # Lines are events once they have an end.
    def write(*words)
      *lines, @rest = (@rest + words.join).split("\n", -1)
      lines.each { |line| event(line) }
      words.sum { |word| word.to_s.bytesize }
    end

    def puts(*words)
      flush
      event(words.flatten.map(&:to_s).join("\n").chomp)
      nil
    end

    def flush
      rest, @rest = @rest, +""
      event(rest) unless rest.empty?
      self
    end

    def print(*words) = write(*words) && nil
    def printf(form, *words) = write(format(form, *words)) && nil
    def <<(word) = write(word) && self
    def fileno = 1
    def tty? = false
    alias isatty tty?
    def close = nil
    def closed? = false
  end

  # What a Logger on stdout or stderr writes to: a record is one event.
  Records = Struct.new(:voice) do
    def write(text) = voice.event(text.chomp)
    def close = nil
  end

  # Makes such a Logger of `Logger.new($stdout)`, with the request id in each record.
  module LoggerOfStdout
    def initialize(device, *rest, formatter: nil, **options)
      return super unless device.nil? || device.is_a?(Voice)

      form = lambda do |severity, time, program, message|
        told = message.is_a?(Exception) ? message.full_message(highlight: false) : message
        told = told.inspect unless told.is_a?(String)
        head = "#{severity[0]}, [#{time.strftime('%Y-%m-%dT%H:%M:%S.%6N')} ##{Process.pid}] #{severity.rjust(5)}"
        "#{head} #{Freehold.request_id} -- #{program}: #{told}"
      end
      super(Records.new(device || $stdout), *rest, formatter: formatter || form, **options)
    end
  end

  # https://docs.aws.amazon.com/lambda/latest/dg/ruby-context.html
  class LambdaContext
    attr_reader :aws_request_id, :invoked_function_arn, :log_group_name, :log_stream_name, :function_name,
                :memory_limit_in_mb, :function_version, :identity, :client_context, :deadline_ms

    def initialize(headers)
      @aws_request_id = headers["lambda-runtime-aws-request-id"]
      @invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
      @deadline_ms = headers["lambda-runtime-deadline-ms"]
      @identity = told(headers["lambda-runtime-cognito-identity"])
      @client_context = told(headers["lambda-runtime-client-context"])
      @log_group_name = ENV["AWS_LAMBDA_LOG_GROUP_NAME"]
      @log_stream_name = ENV["AWS_LAMBDA_LOG_STREAM_NAME"]
      @function_name = ENV["AWS_LAMBDA_FUNCTION_NAME"]
      @memory_limit_in_mb = ENV["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
      @function_version = ENV["AWS_LAMBDA_FUNCTION_VERSION"]
    end

    def get_remaining_time_in_millis = @deadline_ms.to_i - Process.clock_gettime(Process::CLOCK_REALTIME, :millisecond)

    private

    def told(text) = text && JSON.parse(text)
  end

  # The client's side of the Runtime API, over one connection that is kept.
  class RuntimeApi
    def initialize(address)
      @host = address
      @socket = TCPSocket.new(*address.split(":"))
      @socket.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
    end

    # The invocation that comes next: its headers by lower-case name, its event.
    def next
      @socket.write("GET #{PATH}/invocation/next HTTP/1.1\r\nHost: #{@host}\r\n\r\n")
      status, headers, body = read
      exit!(1) unless status == 200
      [headers, body]
    end

    # Send an answer. One that is refused, say for its size, is known to the platform.
    def post(path, body, kind: "application/json", error_type: nil)
      head = "POST #{PATH}/#{path} HTTP/1.1\r\nHost: #{@host}\r\nContent-Type: #{kind}\r\n"
      head += "Lambda-Runtime-Function-Error-Type: #{error_type}\r\n" if error_type
      @socket.write("#{head}Content-Length: #{body.bytesize}\r\n\r\n".b + body.b)
      read
    end

    private

    def read
      status = line.split(" ")[1].to_i
      headers = {}
      until (text = line).empty?
        name, value = text.split(":", 2)
        headers[name.downcase] = value.strip
      end
      [status, headers, @socket.read(headers["content-length"].to_i).force_encoding("UTF-8")]
    end

    def line = (@socket.gets("\r\n") || exit!(1)).chomp # without a line the platform is gone
  end

  class << self
    attr_reader :request_id

    def main
      @voice = Voice.new(ENV.delete("_LAMBDA_TELEMETRY_LOG_FD").to_i)
      $stdout = $stderr = @voice
      Logger.prepend(LoggerOfStdout)
      @api = RuntimeApi.new(ENV["AWS_LAMBDA_RUNTIME_API"])
      handler = load
      @voice.flush
      loop { serve(handler) }
    end

    private

    # The handler that _HANDLER names. Its file, or its name, may be the end of this process.
    def load
      file, *owner, method = ENV["_HANDLER"].split(".")
      unless method && owner.size < 2
        raise ArgumentError, "Invalid handler #{ENV['_HANDLER'].split('.')}, must be of form #{FORM}"
      end

      $LOAD_PATH.unshift(ENV["LAMBDA_TASK_ROOT"])
      require file
      receiver = owner.empty? ? TOPLEVEL_BINDING.receiver : nil
      ->(event, context) { (receiver || Object.const_get(owner[0])).send(method, event: event, context: context) }
    rescue SystemExit, SignalException
      raise
    rescue Exception => e # whatever the function's file raises is the reason
      report = tell(e, "Init", "Init error when loading handler #{ENV['_HANDLER']}")
      @api.post("init/error", JSON.generate(report), error_type: report[:errorType])
      exit!(INIT_FAILED)
    end

    def serve(handler)
      headers, event = @api.next
      @request_id = headers["lambda-runtime-aws-request-id"]
      ENV["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
      body, kind = written(handler.call(JSON.parse(event), LambdaContext.new(headers)))
      @voice.flush
      @api.post("invocation/#{@request_id}/response", body, kind: kind)
    rescue SystemExit, SignalException
      raise
    rescue Exception => e # whatever the function raises is its answer
      fail_with(e)
    end

    def written(value)
      return [value.read, "application/unknown"] if value.is_a?(StringIO) || value.is_a?(IO)

      [value.to_json, "application/json"]
    end

    def fail_with(error)
      critical = error.is_a?(NameError) || !error.is_a?(StandardError)
      report = tell(error, "Function", critical ? "Critical exception from handler" : "Error raised from handler method")
      @api.post("invocation/#{@request_id}/error", JSON.generate(report), error_type: report[:errorType])
      exit!(CRITICAL) if critical
    end

    # Log a failure; it as the caller sees it.
    def tell(error, phase, title)
      trace = (error.backtrace || []).take_while { |line| !line.start_with?(HERE) }.first(100)
      report = { errorMessage: error.message, errorType: "#{phase}<#{error.class}>", stackTrace: trace }
      @voice.puts(title)
      @voice.puts(JSON.pretty_generate(report))
      report
    end
  end
end

Freehold.main
