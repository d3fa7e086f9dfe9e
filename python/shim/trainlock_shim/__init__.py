"""The part of trainlock that sits inside the trained program: it notes raw facts and never changes what the program does.

Standard library only, Python 3.8 and newer. Modules are loaded when the program first needs what they watch.
"""
