from tests.test_contacts_stay_hidden import *
def test_a(world):
    out=[]
    for e,p,s,f in walk(world,'founder'):
        out.append((e,s,f))
    for o in out: print(*o)
