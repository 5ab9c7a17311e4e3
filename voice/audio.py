"""stub"""
import io, av, numpy as np
RATE=16000
def encode_opus(samples, bit_rate=24000):
    out=io.BytesIO()
    with av.open(out,"w",format="ogg") as c:
        s=c.add_stream("libopus",rate=16000); s.layout="mono"; s.bit_rate=bit_rate; s.format="s16"
        pcm=(np.clip(samples,-1,1)*32767).astype("int16")
        for i in range(0,len(pcm),16000):
            f=av.AudioFrame.from_ndarray(pcm[None,i:i+16000],format="s16",layout="mono"); f.rate=16000; f.pts=i
            c.mux(s.encode(f))
        c.mux(s.encode(None))
    return out.getvalue()
def decode_trusted(data):
    with av.open(io.BytesIO(data)) as c:
        r=av.AudioResampler("flt","mono",RATE); parts=[]
        for f in c.decode(audio=0):
            parts+= [x.to_ndarray()[0] for x in r.resample(f)]
        parts+=[x.to_ndarray()[0] for x in r.resample(None)]
    return np.concatenate(parts)
