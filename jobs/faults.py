"""How an error is logged here: its class and the place in the code. Its message may hold words or numbers."""


def named(error: BaseException) -> str:
    """Such as ``StoreUnavailable at work.py:57``; of a group each kind once."""
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(dict.fromkeys(named(one) for one in error.exceptions))
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"{type(error).__name__} at {file}:{trace.tb_lineno}"
